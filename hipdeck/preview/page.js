/* choices.js */

(function () {
  "use strict";
  const deck = JSON.parse(document.querySelector("script[type='application/json']").textContent);
  const main = document.querySelector("main");
  const filters = document.querySelector(".filters").elements;
  const buttons = {};
  for (const button of document.querySelectorAll(".switches button")) buttons[button.name] = button;
  const STATE = "hipdeck preview";

  // The second wall around a card (the page's policy is the third): only what Markdown and the templates produce.
  const ELEMENTS = new Set(
    ("A ARTICLE BLOCKQUOTE BR CITE CODE DIV EM FOOTER H1 H2 H3 H4 H5 H6 HEADER HR IMG LI OL P PRE SECTION SPAN " +
      "STRONG TABLE TBODY TD TH THEAD TR UL").split(" "),
  );
  const ATTRIBUTES = new Set(
    "align alt class data-cloze data-note data-ordinal dir href id src start title".split(" "),
  );
  const cardStyle = new CSSStyleSheet();
  cardStyle.replaceSync(":host { all: initial; display: block; contain: content; }\n" + deck.css);

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  // The HTML of a side, as nodes that can do nothing.
  function cleaned(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const element of template.content.querySelectorAll("*")) {
      if (!ELEMENTS.has(element.tagName)) {
        element.remove();
        continue;
      }
      for (const name of element.getAttributeNames()) {
        if (!ATTRIBUTES.has(name)) element.removeAttribute(name);
      }
      if (element.tagName === "IMG") {
        const picture = deck.pictures[element.getAttribute("src")];
        if (picture) element.src = picture;
        else element.removeAttribute("src");
      }
      if (element.hasAttribute("href")) {
        if (/^https?:\/\//i.test(element.getAttribute("href"))) {
          element.target = "_blank";
          element.rel = "noopener noreferrer";
        } else {
          element.removeAttribute("href");
        }
      }
    }
    return template.content;
  }

  // Items, one for each card, in study order. A card is drawn when it comes near the screen.
  const items = [];
  const byAddress = new Map();
  let current = null;
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) draw(entry.target.item);
      }
    },
    { rootMargin: "1000px" },
  );

  function draw(item) {
    if (item.drawn) return;
    item.drawn = true;
    near.unobserve(item.element);
    item.root = item.host.attachShadow({ mode: "open" });
    item.root.adoptedStyleSheets = [cardStyle];
    item.body = make("div", "card card1");
    item.root.append(item.body);
    item.body.classList.toggle("nightMode", isOn("night"));
    show(item);
  }

  function show(item) {
    item.button.textContent = item.back ? "Show question" : "Show answer";
    if (!item.drawn) return;
    item.body.replaceChildren(cleaned(item.back ? item.card.back : item.card.front));
    if (item.root.querySelector(".options .choices")) hipdeckChoices(item.root);
  }

  function turn(item) {
    item.back = !item.back;
    show(item);
  }

  function diagnostics(list) {
    const element = make("ul", "diagnostics");
    for (const problem of list) {
      const line = make("li", problem.severity);
      const message = ": " + problem.message + " [" + problem.code + "] ";
      line.append(make("b", "", problem.severity), message, make("small", "", problem.place));
      if (problem.consequence) line.append(make("p", "", problem.consequence));
      if (problem.hint) line.append(make("p", "", "hint: " + problem.hint));
      element.append(line);
    }
    return element;
  }

  function itemOf(card) {
    const item = { card: card, back: false, drawn: false };
    item.text = (card.front + " " + card.back + " " + card.place)
      .replace(/<[^>]*>/g, " ")
      .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&#91;/g, "[").replace(/&quot;/g, '"').replace(/&amp;/g, "&")
      .toLowerCase();
    item.element = make("article", "item");
    item.element.id = card.address;
    item.element.tabIndex = -1;
    item.element.item = item;
    const header = make("header");
    const link = make("a", "", card.address);
    link.href = "#" + card.address;
    header.append(link, make("span", "", card.place));
    for (const tag of card.tags) header.append(make("span", "tag", tag));
    item.element.append(header);
    if (card.diagnostics.length) item.element.append(diagnostics(card.diagnostics));
    item.host = make("div", "host");
    const frame = make("div", "frame");
    frame.append(item.host);
    item.button = make("button", "", "Show answer");
    item.button.type = "button";
    item.element.append(frame, item.button);
    near.observe(item.element);
    return item;
  }

  const sections = deck.sections.map((section) => {
    const element = make("section");
    const heading = make("h2", "", section.title);
    heading.append(make("small", "", section.path));
    const cards = make("div", "cards");
    element.append(heading, cards);
    main.append(element);
    filters.section.add(new Option(section.path));
    return { element: element, cards: cards, items: [] };
  });
  if (deck.diagnostics.length) main.prepend(diagnostics(deck.diagnostics));
  for (const kind of deck.kinds) filters.kind.add(new Option(kind));
  for (const tag of deck.tags) filters.tag.add(new Option(tag));
  document.querySelector(".only").hidden = !deck.cards.some((card) => card.diagnostics.length);
  for (const card of deck.cards) {
    const item = itemOf(card);
    items.push(item);
    byAddress.set(card.address, item);
    sections[card.section].items.push(item);
    sections[card.section].cards.append(item.element);
  }

  const leftOut = deck.left_out ? "; " + deck.left_out + " more don't fit on the page" : "";

  function filter() {
    const words = filters.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const section = filters.section.selectedIndex - 1;
    const kind = filters.kind.value;
    const tag = filters.tag.value;
    const problems = filters.problems.checked;
    let count = 0;
    for (const item of items) {
      const card = item.card;
      const shown =
        (section < 0 || card.section === section) &&
        (!kind || card.kind === kind) &&
        (!tag || card.tags.includes(tag)) &&
        (!problems || card.diagnostics.length > 0) &&
        words.every((word) => item.text.includes(word));
      if (item.element.hidden === shown) item.element.hidden = !shown;
      if (shown) count += 1;
    }
    for (const section of sections) section.element.hidden = section.items.every((item) => item.element.hidden);
    const all = items.length === 1 ? "1 card" : items.length + " cards";
    document.querySelector(".count").textContent = (count === items.length ? all : count + " of " + all) + leftOut;
  }

  function showAll() {
    filters.text.form.reset();
    filter();
  }

  function isOn(name) {
    return buttons[name].getAttribute("aria-pressed") === "true";
  }

  const switches = {
    night(on) {
      document.documentElement.classList.toggle("night", on);
      for (const item of items) if (item.drawn) item.body.classList.toggle("nightMode", on);
    },
    phone(on) {
      document.documentElement.classList.toggle("phone", on);
    },
    answers(on) {
      for (const item of items) {
        if (item.back !== on) turn(item);
      }
    },
  };

  function set(name, on) {
    buttons[name].setAttribute("aria-pressed", String(on));
    switches[name](on);
  }

  function mark(item) {
    if (current) current.element.classList.remove("current");
    current = item;
    item.element.classList.add("current");
  }

  function select(item, block) {
    mark(item);
    draw(item);
    item.element.focus({ preventScroll: true });
    item.element.scrollIntoView({ block: block });
  }

  // The first card on the screen.
  function topmost() {
    const bar = document.querySelector(".bar").getBoundingClientRect().bottom;
    return items.find((item) => !item.element.hidden && item.element.getBoundingClientRect().bottom > Math.max(bar, 0));
  }

  // Where the keys act: the current card, or the first on the screen.
  function here() {
    return current && !current.element.hidden ? current : topmost();
  }

  function step(by) {
    const shown = items.filter((item) => !item.element.hidden);
    if (!shown.length) return;
    const next = here() === current ? shown.indexOf(current) + by : shown.indexOf(here());
    select(shown[Math.min(Math.max(next, 0), shown.length - 1)], "nearest");
  }

  // What comes after the # in a link, or nothing if it's no address of a card.
  function address(encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return "";
    }
  }

  function follow() {
    const item = byAddress.get(address(location.hash.slice(1)));
    if (!item) return;
    if (item.element.hidden) showAll();
    select(item, "start");
  }

  main.addEventListener("click", (event) => {
    const target = event.composedPath()[0];
    const element = event.target.closest(".item");
    if (!element || target.closest("a, label, input") || !getSelection().isCollapsed) return;
    if (target !== element.item.button && !event.target.closest(".frame")) return;
    mark(element.item);
    turn(element.item);
  });

  const keys = {
    " "() {
      const item = here();
      if (!item) return;
      select(item, "nearest");
      turn(item);
    },
    j: () => step(1),
    k: () => step(-1),
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    "/": () => filters.text.focus(),
    n: () => set("night", !isOn("night")),
    p: () => set("phone", !isOn("phone")),
    a: () => set("answers", !isOn("answers")),
    Escape: showAll,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    if (target === filters.text && (event.key === "Enter" || event.key === "Escape")) {
      event.preventDefault();
      if (event.key === "Escape") showAll();
      const item = items.find((item) => !item.element.hidden);
      if (item) select(item, "start");
      return;
    }
    const element = target.closest ? target : document.body;
    if (element === filters.text || element.closest("select")) return;
    if (event.key === " " && element.closest("button, a, summary, input")) return;
    if (event.key.startsWith("Arrow") && element.closest("input")) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  filters.text.form.addEventListener("input", filter);
  filters.text.form.addEventListener("submit", (event) => event.preventDefault());
  for (const name of Object.keys(buttons)) buttons[name].addEventListener("click", () => set(name, !isOn(name)));
  addEventListener("hashchange", follow);

  // A page that is loaded again looks as it did: filters, switches, turned cards, and the place on the screen.
  function remember() {
    const anchor = topmost();
    const state = {
      filters: [filters.text.value, filters.section.value, filters.kind.value, filters.tag.value],
      problems: filters.problems.checked,
      switches: [isOn("night"), isOn("phone"), isOn("answers")],
      turned: items.filter((item) => item.back).map((item) => item.card.address),
      current: current && current.card.address,
      anchor: anchor && [anchor.card.address, anchor.element.getBoundingClientRect().top],
    };
    try {
      sessionStorage.setItem(STATE, JSON.stringify(state));
    } catch (problem) {
      // A browser that stores nothing shows the page as new.
    }
  }

  function recall() {
    try {
      return JSON.parse(sessionStorage.getItem(STATE));
    } catch (problem) {
      return null;
    }
  }

  // A card that is scrolled to must not be hidden by the bar, whose height depends on the window.
  const bar = document.querySelector(".bar");
  new ResizeObserver(() => {
    const above = getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
    document.documentElement.style.scrollPadding = above + 8 + "px 0 16px";
  }).observe(bar);

  addEventListener("pagehide", remember);
  const again = performance.getEntriesByType("navigation")[0].type === "reload";
  const state = again ? recall() : null;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const names = ["night", "phone", "answers"];
  (state ? state.switches : [dark, true, false]).forEach((on, index) => set(names[index], on));
  if (state) {
    ["text", "section", "kind", "tag"].forEach((name, index) => (filters[name].value = state.filters[index]));
    for (const name of ["section", "kind", "tag"]) if (filters[name].selectedIndex < 0) filters[name].value = "";
    filters.problems.checked = state.problems;
    const turned = new Set(state.turned);
    for (const item of items) if (item.back !== turned.has(item.card.address)) turn(item);
  }
  filter();
  if (state && byAddress.has(state.current)) {
    mark(byAddress.get(state.current));
  }
  if (state && state.anchor && byAddress.has(state.anchor[0])) {
    const element = byAddress.get(state.anchor[0]).element;
    history.scrollRestoration = "manual";
    scrollBy(0, element.getBoundingClientRect().top - state.anchor[1]);
  } else {
    follow();
  }

  // `hipdeck preview --watch` says when the cards have changed.
  if (deck.version) {
    new EventSource("changes").onmessage = (event) => {
      if (event.data !== deck.version) location.reload();
    };
  }
})();
