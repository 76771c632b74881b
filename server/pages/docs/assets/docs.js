// What makes the documentation more comfortable: search while typing, the theme, one choice of language for all samples, and
// buttons to copy code. Every page works without it.
const script = document.querySelector("script[data-search]");
const LANGUAGE = "latchkey.docs.language";
const THEME = "latchkey.theme";

copyButtons();
chooseTheme();
chooseLanguage();
searchWhileTyping();
showNavigation();
printEverything();

function copyButtons() {
  for (const button of document.querySelectorAll(".copy")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.nextElementSibling.textContent);
      button.textContent = "Copied";
      setTimeout(() => button.textContent = "Copy", 2000);
    });
  }
}

/** The choice is the panel's as well; its theme.js applies it before anything is drawn. */
function chooseTheme() {
  const label = document.querySelector(".theme");
  const select = label.querySelector("select");
  select.value = document.documentElement.dataset.theme ?? "";
  label.hidden = false;
  select.addEventListener("change", () => {
    if (select.value === "") {
      localStorage.removeItem(THEME);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(THEME, select.value);
      document.documentElement.dataset.theme = select.value;
    }
  });
}

function chooseLanguage() {
  const apply = (language) => {
    for (const choice of document.querySelectorAll(`.languages [value="${language}"]`)) choice.checked = true;
  };
  const known = [...document.querySelectorAll(".languages input")].map(({ value }) => value);
  const stored = localStorage.getItem(LANGUAGE);
  if (known.includes(stored)) apply(stored);
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".languages input")) return;
    // What is above changes its height; the sample that was clicked stays where it is.
    const before = target.getBoundingClientRect().top;
    localStorage.setItem(LANGUAGE, target.value);
    apply(target.value);
    scrollBy({ top: target.getBoundingClientRect().top - before, behavior: "instant" });
  });
}

function searchWhileTyping() {
  const form = document.querySelector(".search");
  const input = form.querySelector("input");
  const results = form.querySelector(".results");
  let loading;
  const load = () => loading ??= loadIndex().catch(() => loading = undefined);
  const close = () => results.hidden = true;

  async function show() {
    const query = input.value.trim();
    const index = query === "" ? undefined : await load();
    // Another letter may have been typed meanwhile. Without the index, Enter leads to the page of results.
    if (!index || query !== input.value.trim()) {
      if (query === "") close();
      return;
    }
    results.replaceChildren(...renderResults(index.search(query).slice(0, 12)));
    results.hidden = false;
  }

  input.addEventListener("focus", load);
  input.addEventListener("input", show);
  form.addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape" && !results.hidden) {
      // The first one leaves what was typed; browsers empty the field at the next.
      event.preventDefault();
      close();
      input.focus();
    } else if (event.key === "ArrowDown" && !results.hidden && links.length > 0) {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (links[at - 1] ?? input).focus();
    }
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (!form.contains(relatedTarget)) close();
  });
  results.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, select, textarea");
    const isPalette = event.key === "k" && (event.ctrlKey || event.metaKey);
    if (!isPalette && (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

async function loadIndex() {
  const [{ default: MiniSearch }, response] = await Promise.all([
    import(script.dataset.library),
    fetch(script.dataset.search),
  ]);
  if (!response.ok) throw new Error(`The search answered ${response.status}`);
  const { options, entries } = await response.json();
  const index = new MiniSearch(options);
  index.addAll(entries);
  return index;
}

function renderResults(found) {
  if (found.length === 0) {
    const none = document.createElement("p");
    none.textContent = "No results. Try fewer or other words.";
    return [none];
  }
  return found.map(({ title, kind, path, text }) => {
    const link = document.createElement("a");
    link.href = path;
    link.textContent = title;
    const about = document.createElement("small");
    about.textContent = kind === title ? text : `${kind} · ${text}`;
    link.append(about);
    return link;
  });
}

/** The navigation is long: the open page is in view. On a phone a link within the page closes it. */
function showNavigation() {
  const navigation = document.querySelector("#navigation");
  const current = navigation.querySelector("[aria-current]");
  if (current) navigation.scrollTop = current.offsetTop - navigation.clientHeight / 3;
  navigation.addEventListener("click", ({ target }) => {
    if (target.closest("a") && navigation.matches(":popover-open")) navigation.hidePopover();
  });
}

function printEverything() {
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
}
