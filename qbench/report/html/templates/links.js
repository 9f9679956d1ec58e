// A link to what is folded away opens it, and the keyboard goes where the eye goes.

function comeTo(details) {
  details.scrollIntoView();
  details.querySelector("summary").focus({ preventScroll: true });
}

function openLinked() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  if (target.tagName === "DETAILS") comeTo(target);
}

// At first when all is loaded: the browser goes to the link's place by itself, and would take the focus away again.
function startLinks() {
  window.addEventListener("hashchange", openLinked);
  const first = () => setTimeout(openLinked, 0);
  if (document.readyState === "complete") first();
  else window.addEventListener("load", first);
}
