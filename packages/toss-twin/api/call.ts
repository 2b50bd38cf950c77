import type { Effect } from "@/packages/toss-twin/faults/scenarios";
import type { PaymentRecord } from "@/packages/toss-twin/store/records";
import type { Merchant, World } from "@/packages/toss-twin/world";
import type { Fields } from "./fields";
import type { View } from "./payment-view";

/** One authenticated call that is to be executed. */
export type ApiCall = {
  readonly world: World;
  readonly merchant: Merchant;
  /** The set of keys the secret key belongs to. */
  readonly keySet: PaymentRecord["keySet"];
  readonly view: View;
  /** The key or order id in the path, decoded; empty where the path has none. */
  readonly subject: string;
  readonly query: URLSearchParams;
  /** Parses the body; throws INVALID_REQUEST. An empty one is `whenEmpty`, where that is given. */
  readonly fields: (whenEmpty?: Fields) => Fields;
  readonly fault: Effect | null;
};

/** What is answered: a payment, any other object, or null for the empty body of a deletion. */
export type Outcome = ({ readonly payment: PaymentRecord } | { readonly body: object | null }) & {
  readonly effect?: Effect | null;
};

export type Handler = (call: ApiCall) => Outcome | Promise<Outcome>;
