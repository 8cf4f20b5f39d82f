// What a search box offers while somebody types: a list below it, by keyboard, mouse or touch. Without it a box is a box.
// Pattern: "Editable Combobox With List Autocomplete", WAI-ARIA Authoring Practices.

const PAUSE_MS = 120; // shorter than the pause between two words, longer than that between two keys

for (const form of document.querySelectorAll("form[data-suggest]")) {
  offer(form, form.querySelector("input[type=search]"));
}

function offer(form, input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-options`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "建议");
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  form.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let timer = 0;
  let asking = new AbortController();
  let typed = input.value;
  let active = -1;

  const options = () => [...list.children];

  function activate(place) {
    active = place;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    const option = list.children[active];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(timer);
    asking.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
    activate(-1);
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map((suggestion, at) => drawn(suggestion, `${list.id}-${at}`)));
    activate(-1);
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = list.hidden ? "" : `有 ${suggestions.length} 条建议，用上下键选择`;
  }

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal });
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      if (!signal.aborted) show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close(); // no connection: the box still searches
    }
  }

  function changed() {
    if (input.value.trim() === typed) return;
    typed = input.value.trim();
    clearTimeout(timer);
    if (typed) timer = setTimeout(ask, PAUSE_MS);
    else close();
  }

  input.addEventListener("input", (event) => event.isComposing || changed());
  input.addEventListener("compositionend", changed);
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") activate(active < last ? active + 1 : -1);
    else if (event.key === "ArrowUp") activate(active < 0 ? last : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) location.assign(list.children[active].dataset.url);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
}

function drawn({ label, text, spans, url }, id) {
  const option = document.createElement("li");
  option.id = id;
  option.dataset.url = url;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const name = document.createElement("span");
  name.className = "suggestion-text";
  const characters = [...text]; // spans count characters, not the halves of rare ones
  const part = (start, stop) => characters.slice(start, stop).join("");
  let end = 0;
  for (const [start, stop] of spans) {
    const mark = document.createElement("mark");
    mark.textContent = part(start, stop);
    name.append(part(end, start), mark);
    end = stop;
  }
  name.append(part(end));
  const kind = document.createElement("span");
  kind.className = "suggestion-kind";
  kind.textContent = label;
  option.append(name, kind);
  return option;
}
