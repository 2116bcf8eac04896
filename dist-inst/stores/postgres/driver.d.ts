import { type Dialect } from 'kysely';
import type { Pool } from 'pg';
export declare function postgresDialect(pool: Pool): Dialect;
