import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from 'jest';
import { NOT_AWS } from './local/stack.ts';

// For all tests and whatever they start.
Object.assign(process.env, NOT_AWS);
// Commands that tests start begin sooner: https://nodejs.org/api/module.html#module-compile-cache
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'member-offers-compile-cache');

const config: Config = {
  testEnvironment: 'node',
  // Most tests wait for servers and processes; a core kept free for jest itself would be idle.
  maxWorkers: '100%',
  // A busy machine is not a failure; a test that hangs is.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024' }, module: { type: 'es6' } }] },
  modulePathIgnorePatterns: ['<rootDir>/.esbuild/', '<rootDir>/.local/', '<rootDir>/.serverless/', '<rootDir>/out/'],
};

export default config;
