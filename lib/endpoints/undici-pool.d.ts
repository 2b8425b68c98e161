// The pool alone: undici's own entry also loads fetch, WebSockets, caches and mocks, which take longer to load than
// everything else that scores members.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';

  export default Pool;
}
