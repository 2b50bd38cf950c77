/* The buyer's side of the hosted window: sends the choice, then leaves the page or tells the shop's page. */
(() => {
  const sheet = document.querySelector("[data-window]");
  const form = document.querySelector("[data-finish]");
  const problem = document.querySelector("[data-problem]");
  const [first, last] = [sheet.querySelector("[data-close]"), form.querySelector("[type=submit]")];
  const { window: windowId, target, opener } = sheet.dataset;

  // Whoever reads by keyboard or by ear begins in the window, and goes round in it, not behind it.
  if (window.parent !== window) {
    window.addEventListener("focus", () => {
      if (document.activeElement === document.body) sheet.focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Tab") return;
      const edges = event.shiftKey ? [first, sheet, document.body] : [last];
      if (!edges.includes(document.activeElement)) return;
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    });
  }

  async function end(verb, body) {
    problem.hidden = true;
    setBusy(true);
    try {
      const response = await fetch(`/window/${windowId}/${verb}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.message);
      leave(answer);
    } catch (error) {
      problem.textContent = error.message || "잠시 후 다시 시도해 주세요.";
      problem.hidden = false;
      setBusy(false);
    }
  }

  function leave(result) {
    if (target === "iframe" && window.parent !== window) {
      window.parent.postMessage({ source: "toss-emulator", windowId, result }, opener || "*");
    } else if (result.kind === "redirect") {
      location.replace(result.url);
    } else {
      location.reload();
    }
  }

  function setBusy(isBusy) {
    for (const button of document.querySelectorAll("button")) button.disabled = isBusy;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bank = form.elements.bank?.value;
    const chosen = form.querySelector("[name=scenario]:checked");
    const method = chosen?.dataset.method;
    void end("finish", {
      ...(chosen ? { scenario: chosen.value } : {}),
      ...(method ? { method } : {}),
      ...(bank ? { bank } : {}),
    });
  });
  document.querySelector("[data-fail]").addEventListener("click", () => {
    void end("fail", { code: document.querySelector("[data-fail-code]").value });
  });
  first.addEventListener("click", () => void end("close", {}));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") void end("close", {});
  });
})();
