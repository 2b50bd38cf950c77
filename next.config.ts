import type { NextConfig } from "next";

const config: NextConfig = {
  typedRoutes: true,
  poweredByHeader: false,
  reactStrictMode: true,
  // A build checks what it builds; `npm test` checks the tests and tools as well.
  typescript: { tsconfigPath: "tsconfig.build.json" },
};

export default config;
