/* The buttons of the control page: each one is a call of the control API, after which the page is shown afresh. */
(() => {
  const dayMs = 86_400_000;

  async function send(method, path, body) {
    const response = await fetch(`/control/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(method === "DELETE"
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error((await response.json()).message);
  }

  async function call(method, path, body) {
    try {
      await send(method, path, body);
      if (path === "clock" || path.endsWith("/resend")) await send("POST", "catch-up", {});
      location.reload();
    } catch (error) {
      showProblem(error);
    }
  }

  function showProblem(error) {
    const problem = document.querySelector("[data-problem]");
    problem.textContent = error.message;
    problem.hidden = false;
    problem.scrollIntoView({ block: "center" });
  }

  for (const button of document.querySelectorAll("[data-call]")) {
    button.addEventListener("click", () => {
      const { method, call: path, body, question } = button.dataset;
      if (question && !confirm(question)) return;
      void call(method, path, JSON.parse(body));
    });
  }

  for (const select of document.querySelectorAll("[data-card]")) {
    select.addEventListener("change", () => {
      void call("POST", "card", { id: select.dataset.card, scenario: select.value });
    });
  }

  /* A long way is gone day by day, so that each day's webhooks and expiries happen on their day. */
  async function travel(days) {
    const status = document.querySelector("[data-travel]");
    const [bar, words, stop] = status.children;
    let isStopped = false;
    stop.addEventListener("click", () => {
      isStopped = true;
    });
    bar.max = days;
    status.hidden = false;
    try {
      for (let day = 1; day <= days && !isStopped; day += 1) {
        await send("POST", "clock", { byMs: dayMs });
        await send("POST", "catch-up", {});
        bar.value = day;
        words.textContent = `${days}일 중 ${day}일`;
      }
      location.reload();
    } catch (error) {
      showProblem(error);
    }
  }

  const year = document.querySelector("[data-days]");
  year?.addEventListener("click", () => {
    year.disabled = true;
    void travel(Number(year.dataset.days));
  });

  const clock = document.querySelector("[data-now]");
  const offsetMs = Number(clock.dataset.now) - Date.now();
  setInterval(() => {
    const seoul = new Date(Date.now() + offsetMs + 9 * 3_600_000).toISOString();
    clock.textContent = seoul.slice(0, 19).replace("T", " ");
  }, 1_000);

  document.querySelector("[data-import]")?.addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file && confirm("지금 상태를 지우고 이 파일의 상태로 바꿀까요?")) {
      await call("POST", "import", await file.text());
    }
    event.target.value = "";
  });

  document.querySelector("[data-webhook]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const { mId, url, event: name } = Object.fromEntries(new FormData(event.target));
    void call("POST", "webhooks", { mId, url, ...(name ? { events: [name] } : {}) });
  });

  const form = document.querySelector("[data-fault]");
  if (!form) return;
  const fields = form.elements;
  /* The fields that only some kinds have. */
  const own = {
    code: ["decline"],
    delayMs: ["delay", "webhook-late"],
    lagMs: ["transactions-lag"],
    byWon: ["settlement-short"],
    status: ["webhook-forged-status"],
    forMs: ["connection-refused"],
    store: ["500-not-executed"],
  };
  const matchFields = ["operation", "event", "orderId", "customerKey", "billingKey"];

  function isNeeded(name) {
    const kind = fields.kind.value;
    if (name in own) return own[name].includes(kind);
    if (kind === "connection-refused") return false;
    if (name === "operation") return !kind.startsWith("webhook-");
    return name === "event" ? kind.startsWith("webhook-") : true;
  }

  function showOnlyNeeded() {
    for (const name of [...Object.keys(own), ...matchFields, "times", "probability"]) {
      fields[name].closest("label").hidden = !isNeeded(name);
    }
  }
  fields.kind.addEventListener("change", showOnlyNeeded);
  showOnlyNeeded();

  function readField(name) {
    const field = fields[name];
    if (field.type === "checkbox") return field.checked || undefined;
    if (field.value === "") return undefined;
    return field.type === "number" ? Number(field.value) : field.value;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pick = (names) =>
      Object.fromEntries(
        names
          .filter(isNeeded)
          .map((name) => [name, readField(name)])
          .filter(([, value]) => value !== undefined),
      );
    const match = pick(matchFields);
    void call("POST", "faults", {
      kind: fields.kind.value,
      ...(Object.keys(match).length > 0 ? { match } : {}),
      ...pick(["times", "probability", ...Object.keys(own)]),
    });
  });
})();
