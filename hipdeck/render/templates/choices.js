// The choices of a card in a fresh order at each review. The front alone decides; the back, which may be a new page,
// shows what the front has kept. `root` is the document or the shadow root that holds the card.
function hipdeckChoices(root) {
  const options = root.querySelector(".options");
  const list = options.querySelector(".choices");
  const items = Array.from(list.children);
  const key = "hipdeck " + options.dataset.note;
  if (list.closest(".answered")) {
    showBack();
  } else {
    showFront();
  }

  function showFront() {
    const order = shuffled(items.length);
    // Where nothing can be kept the back could not know, so that the order stays as it is.
    if (!keep({ order: order, chosen: -1 })) return;
    arrange(order);
    options.setAttribute("role", "radiogroup");
    options.setAttribute("aria-labelledby", "prompt");
    items.forEach(function (item, index) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "radio";
      input.name = key;
      label.append(input, ...item.childNodes);
      label.className = "tappable";
      item.append(label);
      input.addEventListener("change", function () {
        items.forEach((one) => one.classList.toggle("chosen", one === item));
        keep({ order: order, chosen: index });
      });
    });
  }

  function showBack() {
    const kept = recall();
    if (!kept) return;
    arrange(kept.order);
    if (items[kept.chosen]) items[kept.chosen].classList.add("chosen");
  }

  function arrange(order) {
    order.forEach((index) => list.append(items[index]));
  }

  function keep(state) {
    try {
      sessionStorage.setItem(key, JSON.stringify(state));
      return true;
    } catch (problem) {
      return false;
    }
  }

  // What the front has kept, if it is of these choices: each exactly once.
  function recall() {
    try {
      const state = JSON.parse(sessionStorage.getItem(key));
      const whole = items.every((_, index) => state.order.includes(index));
      return whole && state.order.length === items.length ? state : null;
    } catch (problem) {
      return null;
    }
  }

  // Fisher and Yates: each order is as likely as any other.
  function shuffled(length) {
    const order = Array.from({ length: length }, (_, index) => index);
    for (let last = length - 1; last > 0; last--) {
      const other = Math.floor(Math.random() * (last + 1));
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}
