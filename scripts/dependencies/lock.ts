import { z } from 'zod';

export const NODE_MODULES = 'node_modules/';

/** The parts of package-lock.json that say which packages are installed, from where, and which of them are shipped. */
export const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      license: z.string().optional(),
    }),
  ),
});

export type Lock = z.infer<typeof lockSchema>;

/** The name that a path below node_modules stands for. */
export function packageNameOf(path: string): string {
  return path.slice(path.lastIndexOf(NODE_MODULES) + NODE_MODULES.length);
}
