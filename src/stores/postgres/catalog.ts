import { sql } from 'kysely'
import { type Db, migrations, tableColumns } from '../schema.ts'

/** What `pg_class` calls kinds of relations that hold or show rows. */
const relations: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'view',
  f: 'table',
}

/**
 * What stands in the schema of bhor's tables, or on them, and was not made by bhor. What belongs to an extension, and
 * other schemas, are no matter, unless a table there hides one of bhor's.
 */
export async function strangersIn(db: Db): Promise<string[]> {
  const names = Object.keys(tableColumns)
  const indexes = migrations.flatMap((step) =>
    step.statements('postgres').flatMap((text) => /^create (?:unique )?index (\w+)/.exec(text)?.[1] ?? []),
  )
  const home = sql`(select relnamespace from pg_class where relname = 'schema_version' and pg_table_is_visible(oid))`
  const ours = sql`(select oid from pg_class where relnamespace = ${home} and relkind = 'r' and relname in (${sql.join(names)}))`
  const of = sql`c.relname`
  const asked = [
    // Tables and views beside ours.
    sql<Found>`
      select c.relkind as kind, ${of} as name, '' as on_table from pg_class c
      where c.relnamespace = ${home} and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and not (c.relkind = 'r' and c.relname in (${sql.join(names)}))
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')`,
    // Ones that are found in place of ours.
    sql<Found>`
      select c.relkind as kind, ${of} as name, '' as on_table from pg_class c
      where c.relname in (${sql.join(names)}) and pg_table_is_visible(c.oid) and c.relnamespace <> ${home}`,
    sql<Found>`
      select 'trigger' as kind, t.tgname as name, ${of} as on_table from pg_trigger t
      join pg_class c on c.oid = t.tgrelid where t.tgrelid in ${ours} and not t.tgisinternal`,
    sql<Found>`
      select 'rule' as kind, r.rulename as name, ${of} as on_table from pg_rewrite r
      join pg_class c on c.oid = r.ev_class where r.ev_class in ${ours}`,
    sql<Found>`
      select 'policy' as kind, 'row security' as name, ${of} as on_table from pg_class c
      where c.oid in ${ours} and (c.relrowsecurity or c.relforcerowsecurity)`,
    sql<Found>`
      select 'inheritance' as kind, k.relname as name, ${of} as on_table from pg_inherits h
      join pg_class c on c.oid = h.inhparent join pg_class k on k.oid = h.inhrelid
      where h.inhparent in ${ours} or h.inhrelid in ${ours}`,
    sql<Found>`
      select 'index' as kind, x.relname as name, ${of} as on_table from pg_index i
      join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
      where i.indrelid in ${ours} and x.relname not in (${sql.join(indexes)})
        and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`,
    sql<Found>`
      select case when a.attgenerated <> '' or a.attidentity <> '' then 'generated column' else 'column' end as kind,
        a.attname as name, ${of} as on_table from pg_attribute a join pg_class c on c.oid = a.attrelid
      where a.attrelid in ${ours} and a.attnum > 0 and not a.attisdropped
        and (a.attgenerated <> '' or a.attidentity <> ''
          or (c.relname || '.' || a.attname) not in (${sql.join(columnNames())}))`,
  ]
  const found: string[] = []
  for (const question of asked) {
    for (const { kind, name, on_table: table } of (await question.execute(db)).rows)
      found.push([relations[kind] ?? kind, name, ...(table ? ['on', table] : [])].join(' '))
  }
  return found
}

interface Found {
  readonly kind: string
  readonly name: string
  readonly on_table: string
}

function columnNames(): string[] {
  return Object.entries(tableColumns).flatMap(([table, columns]) =>
    columns.map((column) => `${table}.${column}`),
  )
}
