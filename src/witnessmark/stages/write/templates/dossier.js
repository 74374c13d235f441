(() => {
  "use strict";
  const box = document.getElementById("reader");
  if (!box || !box.showModal) return;
  const body = box.querySelector(".body"), head = box.querySelector("[data-head]");
  const rows = [...document.querySelectorAll(".ev > li[id]")];
  let at = -1;
  const show = (n) => {
    at = (n + rows.length) % rows.length;
    const row = rows[at];
    head.textContent = "Evidence " + row.dataset.number + " of " + rows.length;
    body.replaceChildren();
    const put = (node) => {
      const copy = node.cloneNode(true);
      copy.querySelectorAll("[id]").forEach((e) => e.removeAttribute("id"));
      body.append(copy);
    };
    row.querySelectorAll(".ctx .pair").forEach(put);
    row.querySelectorAll(".leaf,.voice,.reads,.ctx > p").forEach(put);
    body.querySelectorAll(".leaf").forEach((e) => { e.open = true; });
    body.scrollTop = 0;
    if (!box.open) box.showModal();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#e"]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const n = rows.findIndex((row) => "#" + row.id === link.getAttribute("href"));
      if (n >= 0) { event.preventDefault(); show(n); return; }
    }
    const away = event.target.closest && event.target.closest('#reader a[href^="#"]');
    if (away || event.target === box) box.close();
  });
  box.querySelector("[data-prev]").addEventListener("click", () => show(at - 1));
  box.querySelector("[data-next]").addEventListener("click", () => show(at + 1));
  box.querySelector("[data-close]").addEventListener("click", () => box.close());
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });
})();
