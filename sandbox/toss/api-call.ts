import type { Fields } from "./fields";
import type { View } from "./payment-view";
import type { Effect } from "./scenarios";
import type { Merchant, World } from "./world";

/** One authenticated call that is to be executed. */
export type ApiCall = {
  readonly world: World;
  readonly merchant: Merchant;
  readonly view: View;
  /** The key or order id in the path, decoded; empty where the path has none. */
  readonly subject: string;
  readonly query: URLSearchParams;
  /** Parses the body; throws INVALID_REQUEST. */
  readonly fields: () => Fields;
  readonly fault: Effect | null;
};

export type Outcome = {
  /** Null for the empty body of a deletion. */
  readonly body: object | null;
  readonly effect?: Effect | null;
};

export type Handler = (call: ApiCall) => Outcome | Promise<Outcome>;
