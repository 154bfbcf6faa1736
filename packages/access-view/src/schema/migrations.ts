/**
 * The schema, version by version: a version that was released is never edited, the next one follows it. Each index stands for a
 * question. Text is compared byte by byte everywhere, so that both databases sort alike and prefixes find their index.
 */
export const migrations: readonly (readonly string[])[] = [
  [
    `create table view (id text not null, schema_version int not null, bootstrapped boolean not null default false)`,
    `create table connections (
      key int generated always as identity primary key,
      id text collate "C" not null unique,
      tenant_id text collate "C" not null,
      handled_sequence bigint not null default 0,
      handled_time timestamptz,
      begins_sequence bigint not null default 0,
      history_ended boolean not null default false,
      removed boolean not null default false,
      rebuild boolean not null default false,
      incomplete_sequence bigint
    )`,
    `create table service_users (
      connection int not null,
      id text collate "C" not null,
      kind text not null,
      status text not null,
      membership text not null,
      matched boolean not null,
      last_accessed_on text,
      name text collate "C" not null,
      search text collate "C" not null,
      value jsonb not null,
      ${held()},
      primary key (connection, id, from_sequence)
    )`,
    // People in the order of their names.
    `create index service_users_by_name on service_users (connection, name, id)`,
    `create table entitlements (
      connection int not null,
      id text collate "C" not null,
      kind text not null,
      level text collate "C" not null,
      privileged boolean not null,
      resource text collate "C" not null,
      parent text collate "C",
      name text collate "C" not null,
      search text collate "C" not null,
      value jsonb not null,
      ${held()},
      primary key (connection, id, from_sequence)
    )`,
    // What a resource is, by its id, and resources in the order of their names.
    `create index entitlements_by_resource on entitlements (connection, resource)`,
    `create index entitlements_by_name on entitlements (connection, name, resource)`,
    // Resources and entitlements by a part of their names.
    `create extension if not exists pg_trgm`,
    `create index entitlements_by_search on entitlements using gin (search gin_trgm_ops)`,
    // The repositories of a project, which inherit what is held on it.
    `create index entitlements_by_parent on entitlements (connection, parent) where parent is not null`,
    `create table grants (
      connection int not null,
      service_user_id text collate "C" not null,
      resource text collate "C" not null,
      level text collate "C" not null,
      privileged boolean not null,
      ${held()},
      primary key (connection, service_user_id, resource, level, from_sequence)
    )`,
    // Who holds something on a resource, and who is in a group.
    `create index grants_by_resource on grants (connection, resource, service_user_id)`,
    // Who holds something privileged.
    `create index grants_privileged on grants (connection, service_user_id) where privileged`,
    // What came and what went between two events, and what has ended.
    `create index grants_by_begin on grants (connection, from_sequence)`,
    `create index grants_by_end on grants (connection, to_sequence) where to_sequence is not null`,
    `create table nestings (
      connection int not null,
      container text collate "C" not null,
      resource text collate "C" not null,
      level text collate "C" not null,
      privileged boolean not null,
      ${held()},
      primary key (connection, container, resource, level, from_sequence)
    )`,
    `create index nestings_by_resource on nestings (connection, resource)`,
    `create index nestings_by_begin on nestings (connection, from_sequence)`,
    `create index nestings_by_end on nestings (connection, to_sequence) where to_sequence is not null`,
    `create table conditions (
      connection int not null,
      kind text collate "C" not null,
      id text collate "C" not null,
      value jsonb not null,
      ${held()},
      primary key (connection, kind, id, from_sequence)
    )`,
    `create table moments (
      connection int not null,
      sequence bigint not null,
      time timestamptz not null,
      primary key (connection, sequence)
    )`,
    // As of a time.
    `create index moments_by_time on moments (connection, time)`,
    `create table connection_refs (
      key int generated always as identity primary key,
      connection int not null,
      value jsonb not null,
      unique (connection, value)
    )`,
    `create table events (
      connection int not null,
      sequence bigint not null,
      name text collate "C" not null,
      subject text collate "C" not null,
      event_id text not null,
      time timestamptz not null,
      recorded_time timestamptz,
      sync_id text collate "C" not null,
      traceparent text,
      service_user_id text collate "C",
      resource text collate "C",
      privileged boolean not null,
      ref int,
      data jsonb not null,
      primary key (connection, sequence)
    )`,
    // The feed of a person, of a resource, of what is privileged.
    `create index events_of_user on events (connection, service_user_id, sequence) where service_user_id is not null`,
    `create index events_of_resource on events (connection, resource, sequence) where resource is not null`,
    `create index events_privileged on events (connection, sequence) where privileged`,
    `create table syncs (
      connection int not null,
      id text collate "C" not null,
      kind text,
      trigger text,
      state text not null,
      requested_at timestamptz,
      started_at timestamptz,
      finished_at timestamptz,
      first_sequence bigint not null,
      last_sequence bigint not null,
      scopes jsonb,
      plan jsonb,
      stats jsonb,
      coverage jsonb,
      evidence jsonb,
      requests int,
      error jsonb,
      primary key (connection, id)
    )`,
    `create index syncs_by_begin on syncs (connection, first_sequence)`,
    `create table audit (
      id text collate "C" primary key,
      tenant_id text collate "C" not null,
      at timestamptz not null,
      actor_kind text not null,
      actor_id text collate "C" not null,
      action text not null,
      connection_id text collate "C",
      record jsonb not null
    )`,
    // What was done in a tenant, the latest first, and what is too old to be kept.
    `create index audit_by_tenant on audit (tenant_id, at, id)`,
    `create index audit_by_time on audit (at)`,
  ],
]

function held(): string {
  return 'from_sequence bigint not null, from_time timestamptz, to_sequence bigint, to_time timestamptz'
}
