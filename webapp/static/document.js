// What a page remembers and copies where scripts run: size of the text and contrast (in this browser only), the
// reference and the address of a document. Without scripts the choices hold for the page, and the text can be marked.
for (const name of ["reading-size", "reading-contrast"]) {
  const kept = read(name);
  for (const choice of document.querySelectorAll(`input[name="${name}"]`)) {
    choice.checked = kept ? choice.value === kept : choice.defaultChecked;
    choice.addEventListener("change", () => keep(name, choice.value));
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const said = button.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const source = button.dataset.copy;
    const text = source ? document.getElementById(source).textContent.trim() : location.href.split("#")[0];
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "已复制";
    } catch {
      button.textContent = "没有复制成，请选中文字复制";
    }
    setTimeout(() => (button.textContent = said), 2500);
  });
}

// Where a browser keeps nothing (private mode, refused), a choice holds for this page.
function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    return;
  }
}
