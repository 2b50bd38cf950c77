/** What the code means that a window of Toss puts into the address it fails to, or gives the page that opened it. */
export type WindowEnd = "left" | "aborted" | "refused" | "failed";

export function readWindowCode(code: unknown): WindowEnd {
  switch (code) {
    case "USER_CANCEL":
    case "PAY_PROCESS_CANCELED":
      return "left";
    case "PAY_PROCESS_ABORTED":
      return "aborted";
    case "REJECT_CARD_COMPANY":
      return "refused";
    default:
      return "failed";
  }
}
