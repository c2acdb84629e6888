CREATE OR REPLACE VIEW lines AS
SELECT * FROM read_json('output/stories/**/*.jsonl', format = 'newline_delimited', columns = {
    "schema": 'VARCHAR',
    "id": 'VARCHAR',
    "version": 'BIGINT',
    "change": 'VARCHAR',
    "previous": 'VARCHAR',
    "content_hash": 'VARCHAR',
    "url": 'VARCHAR',
    "canonical_url": 'VARCHAR',
    "alternates": 'STRUCT("language" VARCHAR, "url" VARCHAR)[]',
    "source": 'STRUCT("id" VARCHAR, "name" VARCHAR, "domain" VARCHAR, "kind" VARCHAR)',
    "agency": 'VARCHAR',
    "attribution": 'STRUCT("id" VARCHAR, "name" VARCHAR, "role" VARCHAR, "confidence" DOUBLE, "evidence" STRUCT("where" VARCHAR, "kind" VARCHAR, "text" VARCHAR, "start" BIGINT, "end" BIGINT, "of" VARCHAR)[])[]',
    "headline": 'VARCHAR',
    "subheadline": 'VARCHAR',
    "summary": 'VARCHAR',
    "byline": 'VARCHAR',
    "authors": 'STRUCT("name" VARCHAR, "raw" VARCHAR)[]',
    "dateline": 'STRUCT("text" VARCHAR, "place" VARCHAR, "date" DATE)',
    "text": 'VARCHAR',
    "body": 'STRUCT("type" VARCHAR, "text" VARCHAR)[]',
    "section": 'VARCHAR[]',
    "tags": 'VARCHAR[]',
    "language": 'VARCHAR',
    "kind": 'VARCHAR',
    "access": 'VARCHAR',
    "published_at": 'TIMESTAMP',
    "published_offset": 'VARCHAR',
    "published_date": 'DATE',
    "published_raw": 'VARCHAR',
    "updated_at": 'TIMESTAMP',
    "time_zone_basis": 'VARCHAR',
    "media": 'STRUCT("type" VARCHAR, "url" VARCHAR, "caption" VARCHAR, "credit" VARCHAR)[]',
    "rights": 'STRUCT("notice" VARCHAR, "holder" VARCHAR, "license" VARCHAR, "reservation" VARCHAR)',
    "cluster": 'STRUCT("id" VARCHAR, "relation" VARCHAR, "of" VARCHAR, "similarity" DOUBLE, "original" VARCHAR)',
    "crawl": 'STRUCT("run" VARCHAR, "requested_url" VARCHAR, "fetched_at" TIMESTAMP, "discovered" VARCHAR, "status" BIGINT, "etag" VARCHAR, "html_sha256" VARCHAR, "warc" STRUCT("file" VARCHAR, "offset" BIGINT, "length" BIGINT))',
    "extraction": 'STRUCT("newscrawl" VARCHAR, "site_rules" VARCHAR, "warnings" VARCHAR[], "origins" STRUCT("headline" VARCHAR, "text" VARCHAR, "byline" VARCHAR, "dateline" VARCHAR, "published" VARCHAR, "section" VARCHAR))'
});
CREATE OR REPLACE VIEW stories AS
SELECT lines.* FROM lines ANTI JOIN (
    SELECT id, max(version) AS version FROM lines WHERE cluster.relation = 'first' GROUP BY id HAVING max(version) > 1
) AS newest ON lines.id = newest.id AND lines.version < newest.version
WHERE cluster.relation = 'first';
