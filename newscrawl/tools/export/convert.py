"""A record in the shape of another format; pure functions of one line."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

Record = dict[str, Any]
HTML_TAGS = {"paragraph": "p", "heading": "h2", "list-item": "li", "quote": "blockquote", "table-row": "p"}
NINJS = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
}
NEWS_OBJECTS = {"image": "picture", "video": "video", "audio": "audio"}
SCHEMA_ORG_TYPES = {"opinion": "OpinionNewsArticle", "live-blog": "LiveBlogPosting"}


def filled(values: Record) -> Record:
    """Without what has no value: formats that know no null leave a property out."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def html_of(record: Record) -> str:
    blocks = ((HTML_TAGS[block["type"]], escape(block["text"], quote=False)) for block in record["body"])
    return "\n".join(f"<{tag}>{text}</{tag}>" for tag, text in blocks)


def ninjs(record: Record) -> Record:
    """IPTC ninjs 3.1. `uri` keeps the story's id over all versions; who wrote it and where it was read are infoSources."""
    published = record["published_at"]
    text = record["text"]
    return filled({
        "uri": f"urn:newscrawl:{quote(record['id'], safe=':')}", "standard": NINJS, "type": "text",
        "representationType": "partial" if record["access"] in ("metered", "paywalled", "registration") else "full",
        "version": str(record["version"]), "firstCreated": published, "contentCreated": published,
        "versionCreated": record["updated_at"] or published or record["crawl"]["fetched_at"],
        "pubStatus": "canceled" if record["change"] == "withdrawal" else "usable",
        "language": record["language"], "title": record["headline"], "by": record["byline"],
        "located": (record["dateline"] or {}).get("place"), "slugline": None,
        "headlines": [filled({"role": role, "contentType": "text/plain", "value": record[name]})
                      for role, name in (("main", "headline"), ("subtitle", "subheadline")) if record[name]],
        "descriptions": [{"role": "summary", "contentType": "text/plain", "value": record["summary"]}] if record["summary"] else [],
        "bodies": [{"role": "main", "contentType": "text/plain", "charCount": len(text), "wordCount": len(text.split()), "value": text},
                   {"role": "main", "contentType": "text/html", "value": html_of(record)}] if text else [],
        "people": [{"name": author["name"], "rel": "author"} for author in record["authors"] if author["name"]],
        "subjects": [{"name": name, "rel": rel} for rel, names in (("section", record["section"]), ("tag", record["tags"])) for name in names],
        "genres": [{"name": record["kind"], "literal": record["kind"]}], "infoSources": info_sources(record),
        "copyrightHolder": record["rights"]["holder"], "copyrightNotice": record["rights"]["notice"],
        "usageTerms": "; ".join(filter(None, (record["rights"]["license"], record["rights"]["reservation"]))),
        "altIds": [{"role": "url", "value": record["url"]}, {"role": "canonical-url", "value": record["canonical_url"]},
                   {"role": "content-hash", "value": record["content_hash"]}],
        "associations": [ninjs_media(record, number) for number in range(len(record["media"]))],
    })  # fmt: skip


def info_sources(record: Record) -> list[Record]:
    agencies = [
        {"name": entry["name"], "role": entry["role"], "literal": entry["id"]} for entry in record["attribution"]
    ]
    return [*agencies, {"name": record["source"]["name"], "role": "publisher", "literal": record["source"]["id"]}]


def ninjs_media(record: Record, number: int) -> Record:
    entry = record["media"][number]
    return filled({
        "name": f"media-{number + 1}", "uri": f"urn:newscrawl:{quote(record['id'], safe=':')}:media:{number + 1}", "type": NEWS_OBJECTS[entry["type"]],
        "descriptions": [{"role": "caption", "contentType": "text/plain", "value": entry["caption"]}] if entry["caption"] else [],
        "by": entry["credit"], "renditions": [{"name": "main", "href": entry["url"]}] if entry["url"] else [],
    })  # fmt: skip


def schema_org(record: Record) -> Record:
    """schema.org NewsArticle as JSON-LD; who wrote it is `author`, an agency `sourceOrganization`, the site `publisher`.

    Names and types as of schema.org/NewsArticle and CreativeWork: `license` and `usageInfo` are a URL or a CreativeWork,
    never text; `dateline` belongs to a NewsArticle, hence not to a LiveBlogPosting, which is a BlogPosting.
    """
    agencies = [filled({"@type": "NewsMediaOrganization", "name": entry["name"], "identifier": entry["id"]}) for entry in record["attribution"]]  # fmt: skip
    source = record["source"]
    return {"@context": "https://schema.org", "@type": SCHEMA_ORG_TYPES.get(record["kind"], "NewsArticle")} | filled({
        "@id": f"urn:newscrawl:{quote(record['id'], safe=':')}", "identifier": record["id"], "version": record["version"],
        "url": record["url"], "mainEntityOfPage": record["canonical_url"], "headline": record["headline"],
        "alternativeHeadline": record["subheadline"], "description": record["summary"], "articleBody": record["text"],
        "wordCount": len(record["text"].split()), "datePublished": record["published_at"] or record["published_date"],
        "dateModified": record["updated_at"], "inLanguage": record["language"], "articleSection": record["section"],
        "keywords": record["tags"], "dateline": (record["dateline"] or {}).get("text") if record["kind"] != "live-blog" else None,
        "author": [{"@type": "Person", "name": author["name"]} for author in record["authors"] if author["name"]],
        "sourceOrganization": agencies, "isAccessibleForFree": {"free": True, "paywalled": False, "registration": False}.get(record["access"]),
        "publisher": {"@type": "Organization", "name": source["name"], "url": f"https://{source['domain']}"},
        "copyrightNotice": record["rights"]["notice"],
        "copyrightHolder": {"@type": "Organization", "name": record["rights"]["holder"]} if record["rights"]["holder"] else None,
        "license": as_work(record["rights"]["license"]), "usageInfo": as_work(record["rights"]["reservation"]),
        "associatedMedia": [schema_org_media(entry) for entry in record["media"]],
    })  # fmt: skip


def as_work(text: str | None) -> str | Record | None:
    """A URL as it is; other text as a work that says so."""
    if not text or text.startswith(("https://", "http://")):
        return text
    return {"@type": "CreativeWork", "text": text}


def schema_org_media(entry: Record) -> Record:
    kind = {"image": "ImageObject", "video": "VideoObject", "audio": "AudioObject"}[entry["type"]]
    return filled(
        {"@type": kind, "contentUrl": entry["url"], "caption": entry["caption"], "creditText": entry["credit"]}
    )


def spaced(moment: str | None) -> str | None:
    """`2026-11-23 00:30:00` (UTC), as both corpora spell times."""
    return moment.replace("T", " ").removesuffix("Z") if moment else None


def published(record: Record) -> str | None:
    day = record["published_date"]
    return spaced(record["published_at"]) or (f"{day} 00:00:00" if day else None)


def image_of(record: Record) -> str | None:
    return next((entry["url"] for entry in record["media"] if entry["type"] == "image" and entry["url"]), None)


def cc_news(record: Record) -> Record:
    """The columns of the corpus cc_news; all are strings there, hence empty where nothing is known.

    Source: its builder, datasets/cc_news/cc_news.py of huggingface/datasets, which takes the values from JSON files of
    news-please (`text` = maintext, `domain` = source_domain with its www, `date` = date_publish) and "" for null.
    """
    return {
        "title": record["headline"], "text": record["text"], "domain": urlsplit(record["url"]).hostname or "",
        "date": published(record) or "", "description": record["summary"] or "", "url": record["url"],
        "image_url": image_of(record) or "",
    }  # fmt: skip


def news_please(record: Record) -> Record:
    """The keys of a JSON file of news-please, in its spelling of times; they are UTC here, naive and the page's own there.

    Source: newsplease/examples/sample.json of fhamborg/news-please: these fifteen keys, null where nothing is known, and
    the file named after its quoted URL. Its library's NewsArticle.get_dict() has one more, `text`, which no file has.
    """
    return {
        "authors": [author["name"] for author in record["authors"]], "date_download": spaced(record["crawl"]["fetched_at"]),
        "date_modify": spaced(record["updated_at"]), "date_publish": published(record), "description": record["summary"],
        "filename": f"{quote(record['url'], safe='')}.json", "image_url": image_of(record), "language": record["language"],
        "localpath": None, "maintext": record["text"], "source_domain": urlsplit(record["url"]).hostname,
        "title": record["headline"], "title_page": None, "title_rss": None, "url": record["url"],
    }  # fmt: skip
