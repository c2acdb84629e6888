// Keys beside those of the browser: "/" to the search, "j" and "k" through the stories of a list.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = document.activeElement;
  if (event.key === "Escape" && at && at.id === "text") { at.blur(); return; }
  if (at && at.matches("input, textarea, select, [contenteditable]")) return;
  if (event.key === "/") {
    const field = document.getElementById("text");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "j" || event.key === "k") {
    const links = Array.from(document.querySelectorAll("a.headline"));
    if (!links.length) return;
    const next = links.indexOf(at) + (event.key === "j" ? 1 : -1);
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
  }
});
