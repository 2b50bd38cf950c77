/* The buttons of the control page: each one is a call of the control API, after which the page is shown afresh. */
(() => {
  async function call(method, path, body) {
    const response = await fetch(`/control/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(method === "DELETE" ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return location.reload();
    const problem = document.querySelector("[data-problem]");
    problem.textContent = (await response.json()).message;
    problem.hidden = false;
  }

  for (const button of document.querySelectorAll("[data-call]")) {
    button.addEventListener("click", () => {
      const { method, call: path, body, question } = button.dataset;
      if (question && !confirm(question)) return;
      void call(method, path, JSON.parse(body));
    });
  }

  const form = document.querySelector("[data-fault]");
  const kind = form.elements.kind;
  function showOnlyNeeded() {
    form.elements.code.closest("label").hidden = kind.value !== "decline";
    form.elements.delayMs.closest("label").hidden = kind.value !== "delay";
  }
  kind.addEventListener("change", showOnlyNeeded);
  showOnlyNeeded();

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { operation, orderId, times, code, delayMs } = Object.fromEntries(new FormData(form));
    void call("POST", "faults", {
      kind: kind.value,
      match: { ...(operation ? { operation } : {}), ...(orderId ? { orderId } : {}) },
      ...(times ? { times: Number(times) } : {}),
      ...(kind.value === "decline" ? { code } : {}),
      ...(kind.value === "delay" ? { delayMs: Number(delayMs) } : {}),
    });
  });
})();
