import type { Generated } from 'kysely';
/** The tables as both engines hold them. JSON columns (`…_json`) are text on both. */
export interface Schema {
    apps: {
        id: string;
        broker: string;
        kind: string;
        api_key: string;
        fields_json: string;
        sealed_secrets: string;
        created_at_ms: number;
        updated_at_ms: number;
        mac: string;
    };
    accounts: {
        id: string;
        alias: string;
        label: string;
        broker: string;
        kind: string;
        app_id: string;
        user_id: string;
        redirect_url: string;
        postback_url: string;
        fields_json: string;
        sealed_secrets: string;
        generation: number;
        created_at_ms: number;
        updated_at_ms: number;
        last_login_at_ms: number | null;
        last_probe_json: string | null;
        last_fault_json: string | null;
        mac: string;
    };
    sessions: {
        id: string;
        account_id: string;
        generation: number;
        status: string;
        end_reason: string | null;
        ended_at_ms: number | null;
        started_by: string;
        sealed_tokens: string;
        sealed_grant: string;
        token_expiries_json: string;
        user_id: string;
        user_name: string;
        user_shortname: string;
        email: string;
        user_type: string;
        broker_name: string;
        exchanges_json: string;
        products_json: string;
        order_types_json: string;
        base_url: string;
        granted_at_ms: number;
        expires_at_ms: number;
        created_at_ms: number;
        mac: string;
    };
    logins: {
        id: string;
        account_id: string;
        broker: string;
        state_hash: string;
        redirect_url: string;
        status: string;
        outcome: string;
        generation: number;
        sealed_carry: string;
        started_by: string;
        created_at_ms: number;
        expires_at_ms: number;
        mac: string;
    };
    intents: {
        id: string;
        account_id: string;
        login_id: string;
        kind: string;
        grant_hash: string;
        state: string;
        code: string;
        created_at_ms: number;
        finished_at_ms: number | null;
    };
    client_keys: {
        id: string;
        name: string;
        hash: string;
        scopes_json: string;
        account_ids_json: string | null;
        created_at_ms: number;
        expires_at_ms: number | null;
        revoked_at_ms: number | null;
        mac: string;
    };
    keyring: {
        id: string;
        purpose: string;
        wrapped: string;
        created_at_ms: number;
        retired_at_ms: number | null;
    };
    meta: {
        name: string;
        value: string;
    };
    /** `entry_json` holds actor, action, alias, result, code and detail; the columns beside it are not in it. */
    audit: {
        seq: number;
        at_ms: number;
        account_id: string | null;
        entry_json: string;
        mac: string;
    };
    /** One row, `id` 1. */
    audit_head: {
        id: Generated<number>;
        seq: number;
        mac: string;
        head_mac: string;
    };
    schema_version: {
        version: number;
        name: string;
        applied_at_ms: number;
    };
}
