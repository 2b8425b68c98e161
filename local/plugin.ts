import { checkPartnerAddresses, checkPartnerFiles } from './deployment/partner-checks.ts';
import type { LocalFunctions } from './lambda/functions.ts';
import { subscriptionsOf } from './lambda/notification.ts';
import { makeBuildFolder, reserveBuildFolder } from './process/build-folder.ts';
import { endWhenTold } from './process/ending.ts';
import { orRefuse, refuse } from './process/refusal.ts';
import type { Serverless } from './serverless.ts';
import { readStack, stackDirectory } from './stack.ts';
import { useStack } from './stack-environment.ts';
import { type Started, startStack } from './start.ts';
import { welcome } from './terminal/welcome.ts';

const PORT_OPTIONS = {
  s3Port: { type: 'string', usage: 'Port of the local S3, 0 for any (or S3_PORT). Default: 4569.' },
  endpointsPort: {
    type: 'string',
    usage: 'Port of the reference endpoints, 0 for any (or ENDPOINTS_PORT). Default: 4000.',
  },
};

/**
 * Serverless plugin: makes `serverless offline` a local stack that behaves like the one on AWS: S3 with its events,
 * functions that these invoke asynchronously, and the endpoints. `serverless invoke local` works with this stack. The
 * plugin is listed before the bundler, so that it refuses wrong settings before anything is bundled.
 */
export default class LocalStack {
  readonly commands = { offline: { options: PORT_OPTIONS, commands: { start: { options: PORT_OPTIONS } } } };
  readonly hooks: Record<string, () => Promise<void> | void>;

  readonly #serverless: Serverless;
  readonly #options: Record<string, unknown>;
  readonly #buildFolder: string;
  #started: Started | undefined;
  #functions: LocalFunctions | undefined;

  constructor(serverless: Serverless, options: Record<string, unknown>) {
    this.#serverless = serverless;
    this.#options = options;
    this.#buildFolder = buildApart(serverless);
    this.hooks = {
      initialize: () => this.#attach(),
      'before:package:cleanup': () => orRefuse(() => checkPackaged(serverless)),
      'before:invoke:local:invoke': () => mapToSource(serverless),
      'before:offline:start': () => this.#start(),
      'before:offline:start:init': () => this.#start(),
      // `serverless offline` runs in one step that does not end. This hook runs before it.
      'offline:start': () => this.#open(),
      'after:offline:start:init': () => this.#open(),
      'offline:functionsUpdated:cleanup': () => this.#functions?.restart(),
    };
  }

  async #start(): Promise<void> {
    mapToSource(this.#serverless);
    endWhenTold();
    orRefuse(() => checkPartnerFiles(this.#serverless));
    try {
      makeBuildFolder(this.#serverless.serviceDir, this.#buildFolder);
      // Next the functions are bundled, which takes seconds without any output.
      console.log('Starting the local stack, which takes about ten seconds.');
      this.#started = await startStack(this.#serverless, this.#options);
    } catch (error) {
      refuse(error);
    }
  }

  #open(): void {
    if (this.#started === undefined) return;
    this.#functions = this.#started.open();
    console.log(welcome(this.#started.stack, this.#started.reference));
  }

  /** Connects `invoke local` to the running stack; only functions that objects start need one. */
  #attach(): void {
    const { processedInput, service } = this.#serverless;
    if (processedInput.commands.join(' ') !== 'invoke local') return;
    const stack = readStack();
    if (stack !== undefined) {
      useStack(this.#serverless, stack);
    } else if (subscriptionsOf(service.functions).some(({ functionName }) => functionName === this.#options.function)) {
      refuse(new Error(`No local stack runs in ${stackDirectory()}. Start one with npm start.`));
    }
  }
}

function checkPackaged(serverless: Serverless): void {
  checkPartnerFiles(serverless);
  for (const line of checkPartnerAddresses(serverless)) console.warn(line);
}

/**
 * Gives this process its own folder for bundles. It changes the configuration object in place, because the framework
 * reads this object again after it has made the plugins.
 *
 * @returns the folder, relative to the service's directory
 */
function buildApart({ service, serviceDir }: Serverless): string {
  const folder = reserveBuildFolder(serviceDir);
  service.custom.esbuild.outputWorkFolder = folder;
  return folder;
}

/** Makes stack traces of local functions show lines of the source. */
function mapToSource({ service }: Serverless): void {
  service.custom.esbuild.sourcemap = 'linked';
  process.setSourceMapsEnabled(true);
}
