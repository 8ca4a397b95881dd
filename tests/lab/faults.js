/** What is wrong with names, roles and order on the page as it stands. */
() => {
  const found = [];
  const isSeen = (one) => one.checkVisibility({visibilityProperty: true}) && !one.closest("[aria-hidden=true], [inert]");
  const name = (one) => one.getAttribute("aria-label") || document.getElementById(one.getAttribute("aria-labelledby") ?? "")
    ?.textContent || [...(one.labels ?? [])].map((label) => label.textContent).join("") || one.textContent
    || one.getAttribute("title") || one.getAttribute("alt");
  const controls = "button, a[href], input:not([type=hidden]), select, textarea, [role=button], [role=slider], [role=tab]";
  for (const one of document.querySelectorAll(controls)) {
    if (isSeen(one) && !(name(one) ?? "").trim()) found.push("no name: " + one.outerHTML.slice(0, 120));
  }
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) found.push("twice: #" + id);
  for (const one of document.querySelectorAll("[aria-labelledby], [aria-describedby], [aria-controls]")) {
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
      for (const id of (one.getAttribute(attribute) ?? "").split(" ").filter(Boolean)) {
        if (!document.getElementById(id)) found.push(`${attribute} of nothing: ${id}`);
      }
    }
  }
  for (const one of document.querySelectorAll("[tabindex]")) if (one.tabIndex > 0) found.push("tabindex above 0");
  for (const one of document.querySelectorAll("[aria-hidden=true]")) {
    if (one.querySelector("a[href], button, input, select, [tabindex='0']")) found.push("hidden, yet reached: " + one.className);
  }
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    if (!isSeen(heading)) continue;
    const now = Number(heading.tagName[1]);
    if (now > level + 1) found.push("a heading's level is left out: " + heading.textContent);
    level = now;
  }
  if (document.querySelectorAll("main").length !== 1 || !document.documentElement.lang) found.push("no main, or no language");
  return found;
}
