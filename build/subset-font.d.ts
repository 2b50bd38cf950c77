declare module "subset-font" {
  /** The font cut down to the characters of `text`; axes are pinned to a number or narrowed to a range. */
  // biome-ignore lint/style/noDefaultExport: the package has it
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options: {
      readonly targetFormat: "woff2";
      readonly variationAxes: Readonly<
        Record<string, { readonly min: number; readonly max: number }>
      >;
    },
  ): Promise<Uint8Array>;
}
