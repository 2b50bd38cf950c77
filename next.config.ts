import type { NextConfig } from "next";

const config: NextConfig = {
  typedRoutes: true,
  poweredByHeader: false,
  reactStrictMode: true,
  // What is posted here is small; more would only be held in memory on its way through the proxy.
  experimental: { proxyClientMaxBodySize: "1mb" },
  // A build checks what it builds; `npm test` checks the tests and tools as well.
  typescript: { tsconfigPath: "tsconfig.build.json" },
};

export default config;
