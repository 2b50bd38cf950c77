/** Refunds are made within this many working days of the request (E-Commerce Act §18②). */
export const REFUND_WORKING_DAYS = 3;

export type Seller = {
  readonly name: string;
  readonly representative: string;
  readonly email: string;
  readonly phone: string;
  readonly hosting: string;
};

export type PolicyBlock =
  | string
  | { readonly list: readonly string[] }
  | {
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export type Policy = {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly {
    readonly heading: string;
    readonly blocks: readonly PolicyBlock[];
  }[];
};

export type Policies = Readonly<Record<"terms" | "privacy" | "refund", (seller: Seller) => Policy>>;
