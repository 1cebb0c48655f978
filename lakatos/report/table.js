"use strict";
const table = document.querySelector(".overview"), rows = [...table.tBodies[0].rows];
const text = document.querySelector("#text"), paper = document.querySelector("#paper"), verdict = document.querySelector("#verdict"), flag = document.querySelector("#flag"), shown = document.querySelector("#shown");
function filter() {
  let count = 0;
  for (const row of rows) {
    row.hidden = !((!paper.value || row.dataset.paper === paper.value) && (!verdict.value || row.dataset.verdict === verdict.value)
      && (!flag.value || row.dataset.flags.split(" ").includes(flag.value)) && row.textContent.toLowerCase().includes(text.value.toLowerCase()));
    count += !row.hidden;
  }
  shown.textContent = `${count} of ${rows.length} claims`;
}
for (const control of [text, paper, verdict, flag]) control.addEventListener("input", filter);
table.querySelectorAll("th").forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
  const up = head.getAttribute("aria-sort") !== "ascending";
  table.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  rows.sort((a, b) => (up ? 1 : -1) * a.cells[column].textContent.localeCompare(b.cells[column].textContent, undefined, {numeric: true}));
  table.tBodies[0].append(...rows);
}));
function reveal() { const aim = document.getElementById(decodeURIComponent(location.hash.slice(1))); if (aim && aim.tagName === "DETAILS") aim.open = true; }
addEventListener("hashchange", reveal); reveal(); filter();
