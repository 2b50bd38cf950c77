/** The one place that knows Toss's browser SDK. The windows lead the page on by themselves; only what stops them comes back. */
import { loadTossPayments } from "@tosspayments/payment-sdk";
import { readWindowCode } from "./window-code";

export type TossSdk = {
  readonly clientKey: string;
  /** The script that Toss, or the emulator in its place, serves. */
  readonly sdkUrl: string;
};

type Destination = {
  readonly customerName: string;
  readonly customerEmail: string;
  /** Absolute. */
  readonly successUrl: string;
  readonly failUrl: string;
};

export type TossWindow =
  | (Destination & { readonly kind: "card"; readonly customerKey: string })
  | (Destination & {
      readonly kind: "payment";
      readonly amount: number;
      readonly orderId: string;
      readonly orderName: string;
    });

/** Why the person is still on the page: they closed the window, its script did not load, or it refused to open. */
export type WindowStop = "closed" | "not-loaded" | "refused";

/** Opens the window for a card or a payment. Never settles when the window leads on to its own address. */
export async function openTossWindow(sdk: TossSdk, request: TossWindow): Promise<WindowStop> {
  try {
    const toss = await loadTossPayments(sdk.clientKey, { src: sdk.sdkUrl });
    if (request.kind === "card") {
      const { kind: _, ...parameters } = request;
      await toss.requestBillingAuth("카드", parameters);
    } else {
      const { kind: _, ...parameters } = request;
      await toss.requestPayment("카드", parameters);
    }
    return await new Promise(() => undefined);
  } catch (fault) {
    return stopOf(fault);
  }
}

function stopOf(fault: unknown): WindowStop {
  if (typeof fault !== "object" || fault === null) return "refused";
  if ("code" in fault) {
    if (readWindowCode(fault.code) === "left") return "closed";
    return fault.code === "NETWORK_ERROR" ? "not-loaded" : "refused";
  }
  // Named so by the loader: ScriptLoadFailedError, NamespaceNotAvailableError.
  return "name" in fault && /LoadFailed|NotAvailable/.test(String(fault.name))
    ? "not-loaded"
    : "refused";
}
