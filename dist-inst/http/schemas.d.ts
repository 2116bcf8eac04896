import { z } from 'zod';
export declare const bodies: {
    readonly AddAccount: z.ZodObject<{
        account: z.ZodString;
        label: z.ZodOptional<z.ZodString>;
        broker: z.ZodString;
        kind: z.ZodOptional<z.ZodEnum<{
            live: "live";
            sandbox: "sandbox";
        }>>;
        apiKey: z.ZodOptional<z.ZodString>;
        apiSecret: z.ZodOptional<z.ZodString>;
        userId: z.ZodOptional<z.ZodString>;
        redirectUrl: z.ZodOptional<z.ZodString>;
        postbackUrl: z.ZodOptional<z.ZodString>;
        phoneNumber: z.ZodOptional<z.ZodString>;
        password: z.ZodOptional<z.ZodString>;
    }, z.core.$strict>;
    readonly EditAccount: z.ZodObject<{
        account: z.ZodOptional<z.ZodString>;
        label: z.ZodOptional<z.ZodOptional<z.ZodString>>;
        apiKey: z.ZodOptional<z.ZodOptional<z.ZodString>>;
        apiSecret: z.ZodOptional<z.ZodOptional<z.ZodString>>;
        userId: z.ZodOptional<z.ZodOptional<z.ZodString>>;
        redirectUrl: z.ZodOptional<z.ZodOptional<z.ZodString>>;
        postbackUrl: z.ZodOptional<z.ZodOptional<z.ZodString>>;
        phoneNumber: z.ZodOptional<z.ZodOptional<z.ZodString>>;
        password: z.ZodOptional<z.ZodOptional<z.ZodString>>;
    }, z.core.$strict>;
    readonly LoginStart: z.ZodObject<{
        via: z.ZodOptional<z.ZodEnum<{
            api: "api";
            cli: "cli";
            desk: "desk";
        }>>;
    }, z.core.$strict>;
    readonly LoginComplete: z.ZodObject<{
        address: z.ZodString;
    }, z.core.$strict>;
    readonly AddKey: z.ZodObject<{
        name: z.ZodString;
        scopes: z.ZodArray<z.ZodEnum<{
            admin: "admin";
            login: "login";
            "read-token": "read-token";
            status: "status";
            use: "use";
        }>>;
        accounts: z.ZodOptional<z.ZodArray<z.ZodString>>;
        expiresInDays: z.ZodOptional<z.ZodNumber>;
    }, z.core.$strict>;
    readonly SignIn: z.ZodObject<{
        token: z.ZodString;
    }, z.core.$strict>;
    readonly Nothing: z.ZodObject<{}, z.core.$strict>;
};
export declare const answers: {
    readonly AccountView: z.ZodObject<{
        id: z.ZodString;
        account: z.ZodString;
        label: z.ZodString;
        broker: z.ZodString;
        brokerName: z.ZodString;
        kind: z.ZodEnum<{
            live: "live";
            sandbox: "sandbox";
        }>;
        apiKey: z.ZodString;
        hasSecret: z.ZodBoolean;
        userId: z.ZodNullable<z.ZodString>;
        redirectUrl: z.ZodString;
        postbackUrl: z.ZodNullable<z.ZodString>;
        hasPassword: z.ZodBoolean;
        hasPhoneNumber: z.ZodBoolean;
        status: z.ZodEnum<{
            active: "active";
            expired: "expired";
            expiring: "expiring";
            login_pending: "login_pending";
            none: "none";
            revoked: "revoked";
        }>;
        statusText: z.ZodString;
        generation: z.ZodInt;
        session: z.ZodNullable<z.ZodObject<{
            id: z.ZodString;
            generation: z.ZodInt;
            userId: z.ZodString;
            userName: z.ZodString;
            userShortname: z.ZodString;
            email: z.ZodString;
            userType: z.ZodString;
            broker: z.ZodString;
            exchanges: z.ZodArray<z.ZodString>;
            products: z.ZodArray<z.ZodString>;
            orderTypes: z.ZodArray<z.ZodString>;
            startedBy: z.ZodEnum<{
                login: "login";
                renewal: "renewal";
            }>;
            loginTime: z.ZodISODateTime;
            expiresAt: z.ZodISODateTime;
            expiresInMs: z.ZodNumber;
            ttlHours: z.ZodNumber;
            tokenKinds: z.ZodArray<z.ZodString>;
            endedAt: z.ZodNullable<z.ZodISODateTime>;
            endReason: z.ZodNullable<z.ZodEnum<{
                expired: "expired";
                logged_out: "logged_out";
                replaced: "replaced";
                revoked: "revoked";
            }>>;
        }, z.core.$strip>>;
        login: z.ZodNullable<z.ZodObject<{
            id: z.ZodString;
            expiresAt: z.ZodISODateTime;
        }, z.core.$strip>>;
        lastLoginAt: z.ZodNullable<z.ZodISODateTime>;
        lastProbe: z.ZodNullable<z.ZodObject<{
            at: z.ZodISODateTime;
            verdict: z.ZodEnum<{
                invalid: "invalid";
                unknown: "unknown";
                valid: "valid";
            }>;
            code: z.ZodString;
        }, z.core.$strip>>;
        lastFault: z.ZodNullable<z.ZodObject<{
            at: z.ZodISODateTime;
            code: z.ZodString;
            detail: z.ZodString;
        }, z.core.$strip>>;
        createdAt: z.ZodISODateTime;
        updatedAt: z.ZodISODateTime;
    }, z.core.$strip>;
    readonly HandOut: z.ZodObject<{
        account: z.ZodString;
        broker: z.ZodString;
        generation: z.ZodInt;
        tokenKind: z.ZodString;
        accessToken: z.ZodString;
        apiKey: z.ZodString;
        userId: z.ZodString;
        baseUrl: z.ZodString;
        hosts: z.ZodRecord<z.ZodString, z.ZodString>;
        headers: z.ZodRecord<z.ZodString, z.ZodString>;
        issuedAt: z.ZodISODateTime;
        expiresAt: z.ZodISODateTime;
    }, z.core.$strip>;
    readonly LoginStarted: z.ZodObject<{
        login: z.ZodString;
        account: z.ZodString;
        url: z.ZodString;
        redirectUrl: z.ZodString;
        expiresAt: z.ZodISODateTime;
    }, z.core.$strip>;
    readonly LoginView: z.ZodObject<{
        login: z.ZodString;
        account: z.ZodString;
        status: z.ZodEnum<{
            cancelled: "cancelled";
            done: "done";
            expired: "expired";
            failed: "failed";
            open: "open";
            used: "used";
        }>;
        outcome: z.ZodNullable<z.ZodString>;
        outcomeText: z.ZodNullable<z.ZodString>;
        generation: z.ZodInt;
    }, z.core.$strip>;
    readonly TestResult: z.ZodObject<{
        account: z.ZodString;
        verdict: z.ZodEnum<{
            invalid: "invalid";
            unknown: "unknown";
            valid: "valid";
        }>;
        code: z.ZodString;
        text: z.ZodString;
        hint: z.ZodNullable<z.ZodString>;
        profile: z.ZodNullable<z.ZodObject<{
            userId: z.ZodString;
            userName: z.ZodString;
            email: z.ZodString;
        }, z.core.$strip>>;
        tookMs: z.ZodNumber;
    }, z.core.$strip>;
    readonly KeyView: z.ZodObject<{
        id: z.ZodString;
        name: z.ZodString;
        scopes: z.ZodArray<z.ZodEnum<{
            admin: "admin";
            login: "login";
            "read-token": "read-token";
            status: "status";
            use: "use";
        }>>;
        accounts: z.ZodNullable<z.ZodArray<z.ZodString>>;
        createdAt: z.ZodISODateTime;
        expiresAt: z.ZodNullable<z.ZodISODateTime>;
        revokedAt: z.ZodNullable<z.ZodISODateTime>;
    }, z.core.$strip>;
    readonly KeyAdded: z.ZodObject<{
        id: z.ZodString;
        name: z.ZodString;
        scopes: z.ZodArray<z.ZodEnum<{
            admin: "admin";
            login: "login";
            "read-token": "read-token";
            status: "status";
            use: "use";
        }>>;
        accounts: z.ZodNullable<z.ZodArray<z.ZodString>>;
        createdAt: z.ZodISODateTime;
        expiresAt: z.ZodNullable<z.ZodISODateTime>;
        revokedAt: z.ZodNullable<z.ZodISODateTime>;
        key: z.ZodString;
    }, z.core.$strip>;
    readonly AuditView: z.ZodObject<{
        seq: z.ZodInt;
        at: z.ZodISODateTime;
        actor: z.ZodString;
        action: z.ZodString;
        account: z.ZodNullable<z.ZodString>;
        result: z.ZodEnum<{
            failed: "failed";
            ok: "ok";
            refused: "refused";
        }>;
        code: z.ZodNullable<z.ZodString>;
        detail: z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodNumber, z.ZodBoolean]>>;
    }, z.core.$strip>;
    readonly AuditCheck: z.ZodUnion<readonly [z.ZodObject<{
        intact: z.ZodLiteral<true>;
        records: z.ZodInt;
    }, z.core.$strip>, z.ZodObject<{
        intact: z.ZodLiteral<false>;
        seq: z.ZodInt;
        fault: z.ZodString;
        text: z.ZodString;
        records: z.ZodInt;
    }, z.core.$strip>]>;
    readonly BrokerView: z.ZodObject<{
        id: z.ZodString;
        name: z.ZodString;
        console: z.ZodObject<{
            url: z.ZodString;
            registerHint: z.ZodString;
        }, z.core.$strip>;
        userIdLabel: z.ZodString;
        app: z.ZodArray<z.ZodObject<{
            name: z.ZodString;
            label: z.ZodString;
            secret: z.ZodBoolean;
            help: z.ZodString;
        }, z.core.$strip>>;
        redirectUrl: z.ZodString;
    }, z.core.$strip>;
    readonly DoctorFinding: z.ZodObject<{
        check: z.ZodString;
        ok: z.ZodBoolean;
        text: z.ZodString;
        hint: z.ZodNullable<z.ZodString>;
    }, z.core.$strip>;
    readonly ConfigOption: z.ZodObject<{
        name: z.ZodString;
        env: z.ZodString;
        value: z.ZodString;
        source: z.ZodEnum<{
            default: "default";
            environment: "environment";
            file: "file";
            flag: "flag";
        }>;
        help: z.ZodString;
    }, z.core.$strip>;
    readonly Link: z.ZodObject<{
        url: z.ZodString;
        expiresAt: z.ZodISODateTime;
    }, z.core.$strip>;
    readonly SignedIn: z.ZodObject<{
        csrf: z.ZodString;
        expiresAt: z.ZodISODateTime;
    }, z.core.$strip>;
    readonly Me: z.ZodObject<{
        signedIn: z.ZodLiteral<true>;
        expiresAt: z.ZodNullable<z.ZodISODateTime>;
        url: z.ZodString;
    }, z.core.$strip>;
    readonly Version: z.ZodObject<{
        version: z.ZodNumber;
    }, z.core.$strip>;
    readonly Problem: z.ZodObject<{
        type: z.ZodString;
        title: z.ZodString;
        status: z.ZodInt;
        code: z.ZodString;
        detail: z.ZodString;
        hint: z.ZodString;
        requestId: z.ZodString;
        facts: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodNumber, z.ZodBoolean]>>>;
    }, z.core.$strip>;
};
