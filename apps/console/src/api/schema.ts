// Made of schemas/openapi.json by `pnpm run docs`; not to be edited.

export interface paths {
    "/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The connections of the tenant, by unique identifier */
        get: operations["listConnections"];
        put?: never;
        /**
         * Connect a workspace
         * @description Checks the credentials, saves the connection and starts its first full sync: all of it, or nothing. What Bitbucket refuses is told with the field and what to mend.
         */
        post: operations["createConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A connection, without its secrets */
        get: operations["getConnection"];
        put?: never;
        post?: never;
        /**
         * Remove a connection
         * @description Everything that it told is told as removed, with the reason connection-removed; then it is forgotten, its secrets at once.
         */
        delete: operations["removeConnection"];
        options?: never;
        head?: never;
        /**
         * Change how it is set up
         * @description Only what is given is changed. `If-Match` has the `ETag` of the settings that the change was decided by: when somebody else was faster, it is refused.
         */
        patch: operations["changeSettings"];
        trace?: never;
    };
    "/v1/connections/{id}/budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is left of the hour of its credentials, and when more comes */
        get: operations["getBudget"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/not-read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the last tries could not read, and why */
        get: operations["getNotRead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/freshness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How old what is known is, and how often it is read */
        get: operations["getFreshness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say when it syncs by itself */
        put: operations["setSchedule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put other credentials in the place of all present ones */
        put: operations["replaceCredentials"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause it
         * @description Nothing is read any more; a sync that runs ends with its slice. What was told stays as last known.
         */
        post: operations["pauseConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let it go on
         * @description It is read again: by its schedule, and when it is asked to.
         */
        post: operations["resumeConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/stream-verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put an event with your text into the stream, to see that it arrives */
        post: operations["verifyStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try what a sync would read; nothing is saved
         * @description It is a 200 also when something is in the way: then `ready` is false and `problems` says what to mend. It takes ten requests to Bitbucket, one more for each further credential, and with `include` up to twenty each for the lists of projects and repositories. Where a name or unique identifier is given, it is told too when another connection has it, or the workspace.
         */
        post: operations["validateConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How it is set up; what is fixed, and why */
        get: operations["getSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/settings/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a change of the settings would do; nothing is changed */
        post: operations["previewSettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/syncs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last syncs, newest first */
        get: operations["listSyncs"];
        put?: never;
        /** Ask for a sync, or join one that will deliver the same */
        post: operations["requestSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/syncs/{syncId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a sync is, and what became of it */
        get: operations["getSync"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read at once whether grants and nestings are gone */
        post: operations["verifyRemovals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/syncs/{syncId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a sync before its next scope; what it has told stays */
        post: operations["cancelSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/syncs/{syncId}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live progress of a sync
         * @description Server-sent events: `progress`, each with the sync whole, and at last `ended`. `Last-Event-ID` takes up where a lost connection was.
         */
        get: operations["followSync"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The webhook, without its secret */
        get: operations["getWebhook"];
        /**
         * Make the webhook; its secret is shown this once
         * @description Answers the address, the events and the secret that an administrator enters at the workspace in Bitbucket. Whatever is there already gets a new secret at once.
         */
        put: operations["configureWebhook"];
        post?: never;
        /** Believe nothing any more that is delivered */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/syncs/{syncId}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Signed evidence of a sync */
        get: operations["getEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evidence/public-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public key that verifies evidence */
        get: operations["getEvidenceKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Removals that wait for a decision */
        get: operations["getHold"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/hold/removals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that is held, removal by removal
         * @description By scope, and there by resource and holder. While a sync or a decision changes the hold, pages go on from where the last one ended: what stays held is in one of them.
         */
        get: operations["listHeldRemovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/hold/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve held removals: all, or those that are named */
        post: operations["approveRemovals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/hold/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reject held removals: the facts stay as they were told */
        post: operations["rejectRemovals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/candidate-emails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Addresses that members may have
         * @description The next reading of the members asks Bitbucket about them. Those that were sent before stay: sending them again changes nothing.
         */
        put: operations["addCandidateEmails"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/service-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts in the workspace, or that hold something there */
        get: operations["listServiceUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/entitlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be held: roles, groups, levels on projects and repositories */
        get: operations["listEntitlements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Projects, repositories and groups, with how many people */
        get: operations["listResources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who directly holds what; also what is no longer held */
        get: operations["listGrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/nestings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What groups give to their members */
        get: operations["listNestings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/access-of-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a person can do, and why
         * @description Every project and repository that the person comes to: the highest level, and every way that leads there.
         */
        get: operations["accessOfUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/who-can": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who can do something on a project or repository, and why
         * @description Everybody who can do something there: the highest level, and every way that leads there.
         */
        get: operations["whoCan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/service-users/{serviceUserId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An account */
        get: operations["getServiceUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/entitlements/{entitlementId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An entitlement, and how many hold it */
        get: operations["getEntitlement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why a person can do something, or what keeps them from it
         * @description Every way that leads the person there, which of them decide, and what each assignment is worth.
         */
        get: operations["explainAccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many there are of everything */
        get: operations["getCounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How fresh the answers are, and what they do not cover */
        get: operations["getCoverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The events after a number, as Kafka has them
         * @description The events of the connection as Kafka has them, in order and without gaps. Give `next` of an answer as `after` of the next request; with `wait` it is held open until something comes.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest events first, filtered */
        get: operations["listFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is held at one time and not at another */
        get: operations["listDifferences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what in the tenant */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what to a connection */
        get: operations["listConnectionAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is calling, and what they may do */
        get: operations["getSession"];
        put?: never;
        /** Sign in: the answer sets the cookie by which the browser is known */
        post: operations["createSession"];
        /** Sign out; what a sign-in link has let in to is closed */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of the tenant, without themselves */
        get: operations["listApiKeys"];
        put?: never;
        /** Make a key; it is shown this once */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key at once */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All tenants */
        get: operations["listTenants"];
        put?: never;
        /** Make a tenant */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenantId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A tenant */
        get: operations["getTenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Rename, suspend or let in again */
        patch: operations["changeTenant"];
        trace?: never;
    };
    "/v1/tenants/{tenantId}/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of a tenant */
        get: operations["listTenantApiKeys"];
        put?: never;
        /** Make a key of a tenant; it is shown this once */
        post: operations["createTenantApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenantId}/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key of a tenant */
        delete: operations["revokeTenantApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenantId}/sign-in-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link that lets somebody in once; it is shown this once */
        post: operations["createSignInLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            /** @description Stable; ends in the code of the problem */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description What to do about it */
            remedy: string;
            /** @description The fields at fault */
            errors?: {
                field: string;
                message: string;
                remedy: string;
            }[];
            requestId: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listConnections: {
        parameters: {
            query?: {
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                            appOwners?: string[];
                            /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                            include?: {
                                /**
                                 * @description Keys of projects: only these, and the repositories in them; null: all
                                 * @default null
                                 */
                                projects: string[] | null;
                                /**
                                 * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                                 * @default null
                                 */
                                repositories: string[] | null;
                            };
                            /**
                             * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                             * @enum {string}
                             */
                            publishLevels?: "in-use" | "all";
                            /** @description What a connection may lose within a day without a decision */
                            removalLimit?: {
                                /** @description Share of the grants and nestings, from 0 to 1 */
                                share: number;
                                /** @description So many may always go, whatever the share */
                                count: number;
                            };
                            /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                            confirmEmails?: boolean;
                            /** @description Attributes of service users that are published, besides those that tell accounts apart */
                            attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                            /** @description Id of the connection */
                            id: string;
                            tenantId: string;
                            name: string;
                            uniqueIdentifier: string;
                            /** @enum {string} */
                            provider: "bitbucket-cloud";
                            workspace: {
                                uuid: string;
                                slug: string;
                                name: string;
                            };
                            credential: {
                                /** @enum {string} */
                                kind: "oauth-consumer" | "api-token";
                                key: string;
                            };
                            moreCredentials?: {
                                /** @enum {string} */
                                kind: "oauth-consumer" | "api-token";
                                key: string;
                            }[];
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            createdAt: string;
                            schedule: {
                                /** @enum {string} */
                                mode: "manual";
                            } | {
                                /** @enum {string} */
                                mode: "interval";
                                minutes: number;
                                /**
                                 * @description What each run reads: what promises most within the budget, or everything
                                 * @default incremental
                                 * @enum {string}
                                 */
                                kind: "incremental" | "full";
                            } | {
                                /** @enum {string} */
                                mode: "cron";
                                /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                                pattern: string;
                                /** @default UTC */
                                timeZone: string;
                                /**
                                 * @description What each run reads: what promises most within the budget, or everything
                                 * @default incremental
                                 * @enum {string}
                                 */
                                kind: "incremental" | "full";
                            };
                            health: {
                                /** @enum {string} */
                                state: "ok" | "degraded";
                                reason?: string;
                                /**
                                 * Format: date-time
                                 * @description ISO 8601 in UTC
                                 */
                                since?: string;
                                remedy?: string;
                            };
                            /** @description While it is paused nothing is read; null: it is not */
                            pausedSince: string | null;
                            latestSync: {
                                /** @description Id of the sync */
                                id: string;
                                state: string;
                            } | null;
                            status: {
                                /**
                                 * @description up-to-date: the last sync came to its end; on-track: one is under way, or will be tried again by schedule; delayed: none has come to its end for twice the interval of the schedule; waiting-for-budget: the hour of the credential is used up; held: removals wait for a decision; action-required: somebody has to mend something; paused; never-synced
                                 * @enum {string}
                                 */
                                state: "up-to-date" | "on-track" | "delayed" | "waiting-for-budget" | "held" | "action-required" | "paused" | "never-synced";
                                /** @description null: not known */
                                since: string | null;
                                /** @description A code, such as that of the error that the last sync ended with; an open set. null: nothing to say */
                                reason: string | null;
                            };
                            /** @description When the last full or incremental sync came to its end; null: none has, or Redis was restored since */
                            lastCompletedAt: string | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                    appOwners?: string[];
                    /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                    include?: {
                        /**
                         * @description Keys of projects: only these, and the repositories in them; null: all
                         * @default null
                         */
                        projects?: string[] | null;
                        /**
                         * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                         * @default null
                         */
                        repositories?: string[] | null;
                    };
                    /**
                     * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                     * @enum {string}
                     */
                    publishLevels?: "in-use" | "all";
                    /** @description What a connection may lose within a day without a decision */
                    removalLimit?: {
                        /** @description Share of the grants and nestings, from 0 to 1 */
                        share: number;
                        /** @description So many may always go, whatever the share */
                        count: number;
                    };
                    /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                    confirmEmails?: boolean;
                    /** @description Attributes of service users that are published, besides those that tell accounts apart */
                    attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                    /** @description Its name for people; unique within the tenant */
                    name: string;
                    uniqueIdentifier: string;
                    workspace: string;
                    schedule?: {
                        /** @enum {string} */
                        mode: "manual";
                    } | {
                        /** @enum {string} */
                        mode: "interval";
                        minutes: number;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "incremental" | "full";
                    } | {
                        /** @enum {string} */
                        mode: "cron";
                        /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                        pattern: string;
                        /** @default UTC */
                        timeZone?: string;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "incremental" | "full";
                    };
                    credential: {
                        /** @enum {string} */
                        kind: "oauth-consumer";
                        key: string;
                        secret: string;
                    };
                    /** @description Other consumers, or tokens of administrators: each adds its own 1,000 requests an hour */
                    moreCredentials?: ({
                        /** @enum {string} */
                        kind: "oauth-consumer";
                        key: string;
                        secret: string;
                    } | {
                        /** @enum {string} */
                        kind: "api-token";
                        /** Format: email */
                        email: string;
                        token: string;
                    })[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        connection: {
                            /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                            appOwners?: string[];
                            /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                            include?: {
                                /**
                                 * @description Keys of projects: only these, and the repositories in them; null: all
                                 * @default null
                                 */
                                projects: string[] | null;
                                /**
                                 * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                                 * @default null
                                 */
                                repositories: string[] | null;
                            };
                            /**
                             * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                             * @enum {string}
                             */
                            publishLevels?: "in-use" | "all";
                            /** @description What a connection may lose within a day without a decision */
                            removalLimit?: {
                                /** @description Share of the grants and nestings, from 0 to 1 */
                                share: number;
                                /** @description So many may always go, whatever the share */
                                count: number;
                            };
                            /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                            confirmEmails?: boolean;
                            /** @description Attributes of service users that are published, besides those that tell accounts apart */
                            attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                            /** @description Id of the connection */
                            id: string;
                            tenantId: string;
                            name: string;
                            uniqueIdentifier: string;
                            /** @enum {string} */
                            provider: "bitbucket-cloud";
                            workspace: {
                                uuid: string;
                                slug: string;
                                name: string;
                            };
                            credential: {
                                /** @enum {string} */
                                kind: "oauth-consumer" | "api-token";
                                key: string;
                            };
                            moreCredentials?: {
                                /** @enum {string} */
                                kind: "oauth-consumer" | "api-token";
                                key: string;
                            }[];
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            createdAt: string;
                            schedule: {
                                /** @enum {string} */
                                mode: "manual";
                            } | {
                                /** @enum {string} */
                                mode: "interval";
                                minutes: number;
                                /**
                                 * @description What each run reads: what promises most within the budget, or everything
                                 * @default incremental
                                 * @enum {string}
                                 */
                                kind: "incremental" | "full";
                            } | {
                                /** @enum {string} */
                                mode: "cron";
                                /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                                pattern: string;
                                /** @default UTC */
                                timeZone: string;
                                /**
                                 * @description What each run reads: what promises most within the budget, or everything
                                 * @default incremental
                                 * @enum {string}
                                 */
                                kind: "incremental" | "full";
                            };
                            health: {
                                /** @enum {string} */
                                state: "ok" | "degraded";
                                reason?: string;
                                /**
                                 * Format: date-time
                                 * @description ISO 8601 in UTC
                                 */
                                since?: string;
                                remedy?: string;
                            };
                            /** @description While it is paused nothing is read; null: it is not */
                            pausedSince: string | null;
                            latestSync: {
                                /** @description Id of the sync */
                                id: string;
                                state: string;
                            } | null;
                            status: {
                                /**
                                 * @description up-to-date: the last sync came to its end; on-track: one is under way, or will be tried again by schedule; delayed: none has come to its end for twice the interval of the schedule; waiting-for-budget: the hour of the credential is used up; held: removals wait for a decision; action-required: somebody has to mend something; paused; never-synced
                                 * @enum {string}
                                 */
                                state: "up-to-date" | "on-track" | "delayed" | "waiting-for-budget" | "held" | "action-required" | "paused" | "never-synced";
                                /** @description null: not known */
                                since: string | null;
                                /** @description A code, such as that of the error that the last sync ended with; an open set. null: nothing to say */
                                reason: string | null;
                            };
                            /** @description When the last full or incremental sync came to its end; null: none has, or Redis was restored since */
                            lastCompletedAt: string | null;
                        };
                        sync: {
                            /** @description Id of the sync */
                            id: string;
                            /** @description Id of the connection */
                            connectionId: string;
                            /**
                             * @description full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing
                             * @enum {string}
                             */
                            kind: "full" | "incremental" | "targeted" | "preview";
                            /**
                             * @description What asked for it; saved: the connection was saved
                             * @enum {string}
                             */
                            trigger: "saved" | "api" | "schedule" | "verification" | "webhook";
                            /** @description What a targeted sync reads; null for all others */
                            scopes: (("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string)[] | null;
                            /** @enum {string} */
                            state: "requested" | "running" | "completed" | "failed" | "cancelled";
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            requestedAt: string;
                            startedAt: string | null;
                            finishedAt: string | null;
                            progress: {
                                /** @description In scopes; total is null until the list is read */
                                phases: {
                                    /** @enum {string} */
                                    phase: "workspace" | "members" | "groups" | "projects" | "repositories" | "project-permissions" | "effective-permissions" | "repository-permissions";
                                    done: number;
                                    total: number | null;
                                }[];
                                /** @description Requests sent to Bitbucket so far */
                                requests: number;
                                /** @description Of a sync without removals and interruptions; null until the lists are read */
                                requestsExpected: number | null;
                            };
                            /** @description null: not known yet, or no longer of use */
                            estimate: {
                                /** @description To Bitbucket, from the beginning to the end */
                                requests: number;
                                /**
                                 * Format: date-time
                                 * @description When it will have come to its end, given the budget as it is
                                 */
                                endsAt: string;
                            } | null;
                            /** @description It goes on then, if there is room by that time */
                            waitingUntil: string | null;
                            /** @description request-budget: the hour of the credential is used up; stream: too many events wait for Kafka, which is away or slow */
                            waitingFor: ("request-budget" | "stream") | null;
                            /** @description So far, as scopes are committed; service users are counted as scanned at the end. Of a preview: what would change */
                            stats: {
                                [key: string]: {
                                    /** @description All that were read */
                                    scanned: number;
                                    /** @description As they were before */
                                    unchanged: number;
                                    /** @description Told as changed */
                                    changed: number;
                                    /** @description Told as new */
                                    added: number;
                                    /** @description Told as gone */
                                    removed: number;
                                };
                            };
                            /** @description Grants and nestings that it was the first to find gone, and that wait for a decision instead of being told */
                            held: number;
                            coverage: {
                                /** @description Scopes read to their end */
                                complete: number;
                                /** @description Scopes that could not be read this time; their facts are kept */
                                stale: number;
                                /** @description Scopes that Bitbucket does not show to this credential, or that the settings leave out; their facts are kept */
                                unobservable: number;
                                /** @description Of the unobservable ones, those that the settings leave out. Absent: none */
                                notIncluded?: number;
                            } | null;
                            error: {
                                /** @description An open set */
                                code: string;
                                /** @description What went wrong, for people */
                                title: string;
                                /** @description Whether the same may go well later */
                                retryable: boolean;
                                /** @description What to do about it */
                                remedy: string;
                            } | null;
                            /** @description What became of what was to be verified; null before the end, and of others */
                            verified: {
                                id: string;
                                /** @enum {string} */
                                state: "gone" | "still-there" | "not-observable";
                                /** @description It is gone at that level; this is what is held instead */
                                now?: string;
                                /** @description It is gone, and telling so waits for a decision, as GET .../hold says */
                                held?: boolean;
                                /** @description Why it could not be observed */
                                reason?: string;
                            }[] | null;
                            /** @description How many syncs of the connection have their turn before it; null: it has begun, or is over */
                            ahead: number | null;
                        };
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                        appOwners?: string[];
                        /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                        include?: {
                            /**
                             * @description Keys of projects: only these, and the repositories in them; null: all
                             * @default null
                             */
                            projects: string[] | null;
                            /**
                             * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                             * @default null
                             */
                            repositories: string[] | null;
                        };
                        /**
                         * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                         * @enum {string}
                         */
                        publishLevels?: "in-use" | "all";
                        /** @description What a connection may lose within a day without a decision */
                        removalLimit?: {
                            /** @description Share of the grants and nestings, from 0 to 1 */
                            share: number;
                            /** @description So many may always go, whatever the share */
                            count: number;
                        };
                        /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                        confirmEmails?: boolean;
                        /** @description Attributes of service users that are published, besides those that tell accounts apart */
                        attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                        /** @description Id of the connection */
                        id: string;
                        tenantId: string;
                        name: string;
                        uniqueIdentifier: string;
                        /** @enum {string} */
                        provider: "bitbucket-cloud";
                        workspace: {
                            uuid: string;
                            slug: string;
                            name: string;
                        };
                        credential: {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                        };
                        moreCredentials?: {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                        }[];
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        createdAt: string;
                        schedule: {
                            /** @enum {string} */
                            mode: "manual";
                        } | {
                            /** @enum {string} */
                            mode: "interval";
                            minutes: number;
                            /**
                             * @description What each run reads: what promises most within the budget, or everything
                             * @default incremental
                             * @enum {string}
                             */
                            kind: "incremental" | "full";
                        } | {
                            /** @enum {string} */
                            mode: "cron";
                            /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                            pattern: string;
                            /** @default UTC */
                            timeZone: string;
                            /**
                             * @description What each run reads: what promises most within the budget, or everything
                             * @default incremental
                             * @enum {string}
                             */
                            kind: "incremental" | "full";
                        };
                        health: {
                            /** @enum {string} */
                            state: "ok" | "degraded";
                            reason?: string;
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            since?: string;
                            remedy?: string;
                        };
                        /** @description While it is paused nothing is read; null: it is not */
                        pausedSince: string | null;
                        latestSync: {
                            /** @description Id of the sync */
                            id: string;
                            state: string;
                        } | null;
                        status: {
                            /**
                             * @description up-to-date: the last sync came to its end; on-track: one is under way, or will be tried again by schedule; delayed: none has come to its end for twice the interval of the schedule; waiting-for-budget: the hour of the credential is used up; held: removals wait for a decision; action-required: somebody has to mend something; paused; never-synced
                             * @enum {string}
                             */
                            state: "up-to-date" | "on-track" | "delayed" | "waiting-for-budget" | "held" | "action-required" | "paused" | "never-synced";
                            /** @description null: not known */
                            since: string | null;
                            /** @description A code, such as that of the error that the last sync ended with; an open set. null: nothing to say */
                            reason: string | null;
                        };
                        /** @description When the last full or incremental sync came to its end; null: none has, or Redis was restored since */
                        lastCompletedAt: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        state: "removing";
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the settings; `*`: whichever */
                "if-match"?: string;
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its name for people; unique within the tenant */
                    name?: string;
                    schedule?: {
                        /** @enum {string} */
                        mode: "manual";
                    } | {
                        /** @enum {string} */
                        mode: "interval";
                        minutes: number;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "incremental" | "full";
                    } | {
                        /** @enum {string} */
                        mode: "cron";
                        /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                        pattern: string;
                        /** @default UTC */
                        timeZone?: string;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "incremental" | "full";
                    };
                    /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                    appOwners?: string[];
                    /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                    include?: {
                        /**
                         * @description Keys of projects: only these, and the repositories in them; null: all
                         * @default null
                         */
                        projects?: string[] | null;
                        /**
                         * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                         * @default null
                         */
                        repositories?: string[] | null;
                    };
                    /**
                     * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                     * @enum {string}
                     */
                    publishLevels?: "in-use" | "all";
                    /** @description What a connection may lose within a day without a decision */
                    removalLimit?: {
                        /** @description Share of the grants and nestings, from 0 to 1 */
                        share: number;
                        /** @description So many may always go, whatever the share */
                        count: number;
                    };
                    /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                    confirmEmails?: boolean;
                    /** @description Attributes of service users that are published, besides those that tell accounts apart */
                    attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        settings: {
                            connectApp: {
                                /** @enum {string} */
                                application: "bitbucket-cloud";
                                name: string;
                                uniqueIdentifier: {
                                    value: string;
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                accessVia: {
                                    /** @enum {string} */
                                    value: "api";
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                workspace: {
                                    value: {
                                        uuid: string;
                                        slug: string;
                                        name: string;
                                    };
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                /** @description Without their secrets; PUT .../credentials replaces them */
                                credentials: {
                                    /** @enum {string} */
                                    kind: "oauth-consumer" | "api-token";
                                    key: string;
                                }[];
                            };
                            appSettings: {
                                schedule: {
                                    /** @enum {string} */
                                    mode: "manual";
                                } | {
                                    /** @enum {string} */
                                    mode: "interval";
                                    minutes: number;
                                    /**
                                     * @description What each run reads: what promises most within the budget, or everything
                                     * @default incremental
                                     * @enum {string}
                                     */
                                    kind: "incremental" | "full";
                                } | {
                                    /** @enum {string} */
                                    mode: "cron";
                                    /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                                    pattern: string;
                                    /** @default UTC */
                                    timeZone: string;
                                    /**
                                     * @description What each run reads: what promises most within the budget, or everything
                                     * @default incremental
                                     * @enum {string}
                                     */
                                    kind: "incremental" | "full";
                                };
                                appOwners: string[];
                                trustRelationship: {
                                    /** @enum {string} */
                                    value: "downstream";
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                trustPermission: {
                                    /** @enum {string} */
                                    value: "read-only";
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                defaultEntitlement: {
                                    value: null;
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                                include: {
                                    /**
                                     * @description Keys of projects: only these, and the repositories in them; null: all
                                     * @default null
                                     */
                                    projects: string[] | null;
                                    /**
                                     * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                                     * @default null
                                     */
                                    repositories: string[] | null;
                                };
                                /** @description What a connection may lose within a day without a decision */
                                removalLimit: {
                                    /** @description Share of the grants and nestings, from 0 to 1 */
                                    share: number;
                                    /** @description So many may always go, whatever the share */
                                    count: number;
                                };
                                /**
                                 * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                                 * @enum {string}
                                 */
                                publishLevels: "in-use" | "all";
                            };
                            userSettings: {
                                provisioning: {
                                    createUser: {
                                        /** @enum {boolean} */
                                        value: false;
                                        /** @enum {boolean} */
                                        fixed: true;
                                        /** @description Why it cannot be changed */
                                        reason: string;
                                    };
                                    updateUser: {
                                        /** @enum {boolean} */
                                        value: false;
                                        /** @enum {boolean} */
                                        fixed: true;
                                        /** @description Why it cannot be changed */
                                        reason: string;
                                    };
                                    deactivateUser: {
                                        /** @enum {boolean} */
                                        value: false;
                                        /** @enum {boolean} */
                                        fixed: true;
                                        /** @description Why it cannot be changed */
                                        reason: string;
                                    };
                                    deleteUser: {
                                        /** @enum {boolean} */
                                        value: false;
                                        /** @enum {boolean} */
                                        fixed: true;
                                        /** @description Why it cannot be changed */
                                        reason: string;
                                    };
                                    addEntitlement: {
                                        /** @enum {boolean} */
                                        value: false;
                                        /** @enum {boolean} */
                                        fixed: true;
                                        /** @description Why it cannot be changed */
                                        reason: string;
                                    };
                                    removeEntitlement: {
                                        /** @enum {boolean} */
                                        value: false;
                                        /** @enum {boolean} */
                                        fixed: true;
                                        /** @description Why it cannot be changed */
                                        reason: string;
                                    };
                                };
                                onTermination: {
                                    /** @enum {string} */
                                    value: "nothing";
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                confirmEmails: boolean;
                                attributes: {
                                    /** @enum {string} */
                                    name: "displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email";
                                    published: boolean;
                                    /** @description It says something of a person */
                                    personal: boolean;
                                }[];
                            };
                        };
                        /** @description What the change does to what is published already */
                        effects: {
                            /** @description Name of the setting */
                            setting: string;
                            /** @description What happens, and when, for people */
                            effect: string;
                            /** @description How many it concerns, by what */
                            figures: {
                                [key: string]: number;
                            };
                        }[];
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBudget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it was so
                         */
                        at: string;
                        /** @description The first one first; each has its own hour */
                        credentials: {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                            /** @description Requests in any rolling hour */
                            limit: number;
                            /** @description Of them, those that count as made; what a process that died had taken counts for an hour */
                            used: number;
                            /** @description Taken in batches by who is at work now, and not given back yet */
                            leased: number;
                            /** @description Left by syncs to people who wait for an answer */
                            keptBack: number;
                            /** @description Nobody has taken them; none while it rests */
                            free: number;
                            /** @description The free ones without those that are kept back */
                            freeForSyncs: number;
                            /** @description When syncs have room again; null: they have some now */
                            nextFreeAt: string | null;
                            /** @description How many would be free in 5, 15, 30 and 60 minutes if nobody took any more */
                            forecast: {
                                /**
                                 * Format: date-time
                                 * @description ISO 8601 in UTC
                                 */
                                at: string;
                                freeForSyncs: number;
                            }[];
                            /** @description Bitbucket has refused for want of room: nothing is asked before then; null: it has not */
                            restingUntil: string | null;
                            /** @description How many other connections of the tenant use it as well */
                            otherConnections: number;
                        }[];
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNotRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description By scope, those that the settings leave out last; 1,000 at most */
                        scopes: {
                            /** @description What is read, compared and committed as one */
                            scope: ("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string;
                            /**
                             * @description stale: time may heal it; unobservable: Bitbucket does not show it, or the settings leave it out
                             * @enum {string}
                             */
                            state: "stale" | "unobservable";
                            /** @description A code of docs/bitbucket-errors.md, the HTTP status, or not-included */
                            reason: string;
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            since: string;
                            /** @description null: it was never read */
                            lastReadAt: string | null;
                        }[];
                        /** @description How many there are besides */
                        more: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFreshness: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        freshness: {
                            members: {
                                /** @description Scopes of this kind */
                                count: number;
                                /** @description Of them, those that have not been read yet; they have no age */
                                neverRead: number;
                                /** @description Age of the facts; null when no scope of this kind has been read */
                                medianSeconds: number | null;
                                p95Seconds: number | null;
                                oldestSeconds: number | null;
                                /** @description How many are how old, each counted once: 15 and 30 minutes, 1, 2, 4, 8, 12, 24 and 48 hours, and older */
                                ages: {
                                    /** @description Younger than this, and not counted before; null: all that are older */
                                    underSeconds: number | null;
                                    count: number;
                                }[];
                            };
                            groups: {
                                /** @description Scopes of this kind */
                                count: number;
                                /** @description Of them, those that have not been read yet; they have no age */
                                neverRead: number;
                                /** @description Age of the facts; null when no scope of this kind has been read */
                                medianSeconds: number | null;
                                p95Seconds: number | null;
                                oldestSeconds: number | null;
                                /** @description How many are how old, each counted once: 15 and 30 minutes, 1, 2, 4, 8, 12, 24 and 48 hours, and older */
                                ages: {
                                    /** @description Younger than this, and not counted before; null: all that are older */
                                    underSeconds: number | null;
                                    count: number;
                                }[];
                            };
                            projects: {
                                /** @description Scopes of this kind */
                                count: number;
                                /** @description Of them, those that have not been read yet; they have no age */
                                neverRead: number;
                                /** @description Age of the facts; null when no scope of this kind has been read */
                                medianSeconds: number | null;
                                p95Seconds: number | null;
                                oldestSeconds: number | null;
                                /** @description How many are how old, each counted once: 15 and 30 minutes, 1, 2, 4, 8, 12, 24 and 48 hours, and older */
                                ages: {
                                    /** @description Younger than this, and not counted before; null: all that are older */
                                    underSeconds: number | null;
                                    count: number;
                                }[];
                            };
                            repositories: {
                                /** @description Scopes of this kind */
                                count: number;
                                /** @description Of them, those that have not been read yet; they have no age */
                                neverRead: number;
                                /** @description Age of the facts; null when no scope of this kind has been read */
                                medianSeconds: number | null;
                                p95Seconds: number | null;
                                oldestSeconds: number | null;
                                /** @description How many are how old, each counted once: 15 and 30 minutes, 1, 2, 4, 8, 12, 24 and 48 hours, and older */
                                ages: {
                                    /** @description Younger than this, and not counted before; null: all that are older */
                                    underSeconds: number | null;
                                    count: number;
                                }[];
                            };
                            project: {
                                /** @description Scopes of this kind */
                                count: number;
                                /** @description Of them, those that have not been read yet; they have no age */
                                neverRead: number;
                                /** @description Age of the facts; null when no scope of this kind has been read */
                                medianSeconds: number | null;
                                p95Seconds: number | null;
                                oldestSeconds: number | null;
                                /** @description How many are how old, each counted once: 15 and 30 minutes, 1, 2, 4, 8, 12, 24 and 48 hours, and older */
                                ages: {
                                    /** @description Younger than this, and not counted before; null: all that are older */
                                    underSeconds: number | null;
                                    count: number;
                                }[];
                            };
                            repository: {
                                /** @description Scopes of this kind */
                                count: number;
                                /** @description Of them, those that have not been read yet; they have no age */
                                neverRead: number;
                                /** @description Age of the facts; null when no scope of this kind has been read */
                                medianSeconds: number | null;
                                p95Seconds: number | null;
                                oldestSeconds: number | null;
                                /** @description How many are how old, each counted once: 15 and 30 minutes, 1, 2, 4, 8, 12, 24 and 48 hours, and older */
                                ages: {
                                    /** @description Younger than this, and not counted before; null: all that are older */
                                    underSeconds: number | null;
                                    count: number;
                                }[];
                            };
                        };
                        /** @description null until a sync has told how large the workspace is */
                        cadences: {
                            requestsPerHour: {
                                /** @description Of all credentials together */
                                total: number;
                                /** @description Kept back for people who wait for an answer */
                                interactive: number;
                                /** @description Kept back for looking again before a removal is believed, and where a hint says so */
                                secondReads: number;
                                /** @description What the tiers take; at most the rest */
                                planned: number;
                            };
                            /** @description An incremental sync starts this often */
                            runEverySeconds: number;
                            /** @description That one incremental sync may make, second reads included, so that the hour is used evenly */
                            requestsPerRun: number;
                            /** @description 1: the budget suffices for the targets; 2: every target is allowed twice its time, and so on */
                            stretch: number;
                            detector: {
                                /** @enum {string} */
                                kind: "effective-permissions" | "none";
                                /**
                                 * @description fresher: a pass of the list is cheap enough to find changes sooner; dearer-than-explicit: it takes as many requests as reading the repositories themselves, or more; no-gain: what it costs buys less than it gives; rows-unknown: how long the list is has not been seen yet
                                 * @enum {string}
                                 */
                                reason: "fresher" | "dearer-than-explicit" | "no-gain" | "rows-unknown" | "no-repositories";
                            };
                            tiers: {
                                /** @enum {string} */
                                tier: "members" | "groups" | "projects" | "repositories" | "project-permissions" | "effective-permissions" | "repository-permissions";
                                /** @description Each of its scopes is read once in this time */
                                everySeconds: number;
                                /** @description That reading all of it once takes */
                                requests: number;
                                /** @description That it costs at this cadence */
                                requestsPerHour: number;
                                /** @description From a change in Bitbucket to its event: half of them within this time */
                                expectedMedianSeconds: number;
                                /** @description 19 of 20 of them within this time */
                                expectedP95Seconds: number;
                            }[];
                        } | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    mode: "manual";
                } | {
                    /** @enum {string} */
                    mode: "interval";
                    minutes: number;
                    /**
                     * @description What each run reads: what promises most within the budget, or everything
                     * @default incremental
                     * @enum {string}
                     */
                    kind?: "incremental" | "full";
                } | {
                    /** @enum {string} */
                    mode: "cron";
                    /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                    pattern: string;
                    /** @default UTC */
                    timeZone?: string;
                    /**
                     * @description What each run reads: what promises most within the budget, or everything
                     * @default incremental
                     * @enum {string}
                     */
                    kind?: "incremental" | "full";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        mode: "manual";
                    } | {
                        /** @enum {string} */
                        mode: "interval";
                        minutes: number;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind: "incremental" | "full";
                    } | {
                        /** @enum {string} */
                        mode: "cron";
                        /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                        pattern: string;
                        /** @default UTC */
                        timeZone: string;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind: "incremental" | "full";
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaceCredentials: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    credential: {
                        /** @enum {string} */
                        kind: "oauth-consumer";
                        key: string;
                        secret: string;
                    };
                    /** @description Other consumers, or tokens of administrators: each adds its own 1,000 requests an hour */
                    moreCredentials?: ({
                        /** @enum {string} */
                        kind: "oauth-consumer";
                        key: string;
                        secret: string;
                    } | {
                        /** @enum {string} */
                        kind: "api-token";
                        /** Format: email */
                        email: string;
                        token: string;
                    })[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                        appOwners?: string[];
                        /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                        include?: {
                            /**
                             * @description Keys of projects: only these, and the repositories in them; null: all
                             * @default null
                             */
                            projects: string[] | null;
                            /**
                             * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                             * @default null
                             */
                            repositories: string[] | null;
                        };
                        /**
                         * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                         * @enum {string}
                         */
                        publishLevels?: "in-use" | "all";
                        /** @description What a connection may lose within a day without a decision */
                        removalLimit?: {
                            /** @description Share of the grants and nestings, from 0 to 1 */
                            share: number;
                            /** @description So many may always go, whatever the share */
                            count: number;
                        };
                        /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                        confirmEmails?: boolean;
                        /** @description Attributes of service users that are published, besides those that tell accounts apart */
                        attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                        /** @description Id of the connection */
                        id: string;
                        tenantId: string;
                        name: string;
                        uniqueIdentifier: string;
                        /** @enum {string} */
                        provider: "bitbucket-cloud";
                        workspace: {
                            uuid: string;
                            slug: string;
                            name: string;
                        };
                        credential: {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                        };
                        moreCredentials?: {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                        }[];
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        createdAt: string;
                        schedule: {
                            /** @enum {string} */
                            mode: "manual";
                        } | {
                            /** @enum {string} */
                            mode: "interval";
                            minutes: number;
                            /**
                             * @description What each run reads: what promises most within the budget, or everything
                             * @default incremental
                             * @enum {string}
                             */
                            kind: "incremental" | "full";
                        } | {
                            /** @enum {string} */
                            mode: "cron";
                            /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                            pattern: string;
                            /** @default UTC */
                            timeZone: string;
                            /**
                             * @description What each run reads: what promises most within the budget, or everything
                             * @default incremental
                             * @enum {string}
                             */
                            kind: "incremental" | "full";
                        };
                        health: {
                            /** @enum {string} */
                            state: "ok" | "degraded";
                            reason?: string;
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            since?: string;
                            remedy?: string;
                        };
                        /** @description While it is paused nothing is read; null: it is not */
                        pausedSince: string | null;
                        latestSync: {
                            /** @description Id of the sync */
                            id: string;
                            state: string;
                        } | null;
                        status: {
                            /**
                             * @description up-to-date: the last sync came to its end; on-track: one is under way, or will be tried again by schedule; delayed: none has come to its end for twice the interval of the schedule; waiting-for-budget: the hour of the credential is used up; held: removals wait for a decision; action-required: somebody has to mend something; paused; never-synced
                             * @enum {string}
                             */
                            state: "up-to-date" | "on-track" | "delayed" | "waiting-for-budget" | "held" | "action-required" | "paused" | "never-synced";
                            /** @description null: not known */
                            since: string | null;
                            /** @description A code, such as that of the error that the last sync ended with; an open set. null: nothing to say */
                            reason: string | null;
                        };
                        /** @description When the last full or incremental sync came to its end; null: none has, or Redis was restored since */
                        lastCompletedAt: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                        appOwners?: string[];
                        /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                        include?: {
                            /**
                             * @description Keys of projects: only these, and the repositories in them; null: all
                             * @default null
                             */
                            projects: string[] | null;
                            /**
                             * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                             * @default null
                             */
                            repositories: string[] | null;
                        };
                        /**
                         * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                         * @enum {string}
                         */
                        publishLevels?: "in-use" | "all";
                        /** @description What a connection may lose within a day without a decision */
                        removalLimit?: {
                            /** @description Share of the grants and nestings, from 0 to 1 */
                            share: number;
                            /** @description So many may always go, whatever the share */
                            count: number;
                        };
                        /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                        confirmEmails?: boolean;
                        /** @description Attributes of service users that are published, besides those that tell accounts apart */
                        attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                        /** @description Id of the connection */
                        id: string;
                        tenantId: string;
                        name: string;
                        uniqueIdentifier: string;
                        /** @enum {string} */
                        provider: "bitbucket-cloud";
                        workspace: {
                            uuid: string;
                            slug: string;
                            name: string;
                        };
                        credential: {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                        };
                        moreCredentials?: {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                        }[];
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        createdAt: string;
                        schedule: {
                            /** @enum {string} */
                            mode: "manual";
                        } | {
                            /** @enum {string} */
                            mode: "interval";
                            minutes: number;
                            /**
                             * @description What each run reads: what promises most within the budget, or everything
                             * @default incremental
                             * @enum {string}
                             */
                            kind: "incremental" | "full";
                        } | {
                            /** @enum {string} */
                            mode: "cron";
                            /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                            pattern: string;
                            /** @default UTC */
                            timeZone: string;
                            /**
                             * @description What each run reads: what promises most within the budget, or everything
                             * @default incremental
                             * @enum {string}
                             */
                            kind: "incremental" | "full";
                        };
                        health: {
                            /** @enum {string} */
                            state: "ok" | "degraded";
                            reason?: string;
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            since?: string;
                            remedy?: string;
                        };
                        /** @description While it is paused nothing is read; null: it is not */
                        pausedSince: string | null;
                        latestSync: {
                            /** @description Id of the sync */
                            id: string;
                            state: string;
                        } | null;
                        status: {
                            /**
                             * @description up-to-date: the last sync came to its end; on-track: one is under way, or will be tried again by schedule; delayed: none has come to its end for twice the interval of the schedule; waiting-for-budget: the hour of the credential is used up; held: removals wait for a decision; action-required: somebody has to mend something; paused; never-synced
                             * @enum {string}
                             */
                            state: "up-to-date" | "on-track" | "delayed" | "waiting-for-budget" | "held" | "action-required" | "paused" | "never-synced";
                            /** @description null: not known */
                            since: string | null;
                            /** @description A code, such as that of the error that the last sync ended with; an open set. null: nothing to say */
                            reason: string | null;
                        };
                        /** @description When the last full or incremental sync came to its end; null: none has, or Redis was restored since */
                        lastCompletedAt: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description It comes with the event; write no personal data */
                    text: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The correlation id of the event */
                        id: string;
                        /** @description Number of the event within its connection */
                        sequence: number;
                        text: string;
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        toldAt: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    validateConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                    appOwners?: string[];
                    /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                    include?: {
                        /**
                         * @description Keys of projects: only these, and the repositories in them; null: all
                         * @default null
                         */
                        projects?: string[] | null;
                        /**
                         * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                         * @default null
                         */
                        repositories?: string[] | null;
                    };
                    /**
                     * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                     * @enum {string}
                     */
                    publishLevels?: "in-use" | "all";
                    /** @description What a connection may lose within a day without a decision */
                    removalLimit?: {
                        /** @description Share of the grants and nestings, from 0 to 1 */
                        share: number;
                        /** @description So many may always go, whatever the share */
                        count: number;
                    };
                    /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                    confirmEmails?: boolean;
                    /** @description Attributes of service users that are published, besides those that tell accounts apart */
                    attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                    /** @description Checked where it is given */
                    name?: unknown;
                    /** @description Checked where it is given */
                    uniqueIdentifier?: unknown;
                    workspace: string;
                    schedule?: {
                        /** @enum {string} */
                        mode: "manual";
                    } | {
                        /** @enum {string} */
                        mode: "interval";
                        minutes: number;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "incremental" | "full";
                    } | {
                        /** @enum {string} */
                        mode: "cron";
                        /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                        pattern: string;
                        /** @default UTC */
                        timeZone?: string;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "incremental" | "full";
                    };
                    credential: {
                        /** @enum {string} */
                        kind: "oauth-consumer";
                        key: string;
                        secret: string;
                    };
                    /** @description Other consumers, or tokens of administrators: each adds its own 1,000 requests an hour */
                    moreCredentials?: ({
                        /** @enum {string} */
                        kind: "oauth-consumer";
                        key: string;
                        secret: string;
                    } | {
                        /** @enum {string} */
                        kind: "api-token";
                        /** Format: email */
                        email: string;
                        token: string;
                    })[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description There is no problem: a full sync can read all that it needs, and what is given here can be saved so */
                        ready: boolean;
                        problems: {
                            /** @description The field of the request at fault, as saving the connection would name it; null: none is */
                            field: (("name" | "uniqueIdentifier" | "workspace" | "credential" | "include") | string) | null;
                            /** @description The endpoint of Bitbucket that refuses */
                            endpoint: string | null;
                            /** @description Stable */
                            code: string;
                            message: string;
                            /** @description What to do about it */
                            remedy: string;
                            /**
                             * Format: date-time
                             * @description When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells
                             */
                            continuesAt?: string;
                            /** @description The connection of the tenant that has it already */
                            connectionId?: string;
                            /**
                             * Format: date-time
                             * @description When the connection that had it was removed
                             */
                            removedAt?: string;
                        }[];
                        /** @description What need not be, and stands in nobody’s way */
                        warnings: {
                            /** @description The field of the request at fault, as saving the connection would name it; null: none is */
                            field: (("name" | "uniqueIdentifier" | "workspace" | "credential" | "include") | string) | null;
                            /** @description The endpoint of Bitbucket that refuses */
                            endpoint: string | null;
                            /** @description Stable */
                            code: string;
                            message: string;
                            /** @description What to do about it */
                            remedy: string;
                            /**
                             * Format: date-time
                             * @description When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells
                             */
                            continuesAt?: string;
                            /** @description The connection of the tenant that has it already */
                            connectionId?: string;
                            /**
                             * Format: date-time
                             * @description When the connection that had it was removed
                             */
                            removedAt?: string;
                        }[];
                        /** @description Whether Bitbucket accepts the first one */
                        credential: {
                            /** @enum {string} */
                            state: "works";
                        } | {
                            /** @enum {string} */
                            state: "refused";
                            /** @description Stable */
                            code: string;
                            message: string;
                            /** @description What to do about it */
                            remedy: string;
                            /**
                             * Format: date-time
                             * @description When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells
                             */
                            continuesAt?: string;
                        } | {
                            /** @enum {string} */
                            state: "unknown";
                            /** @description Stable */
                            code: string;
                            message: string;
                            /** @description What to do about it */
                            remedy: string;
                            /**
                             * Format: date-time
                             * @description When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells
                             */
                            continuesAt?: string;
                        };
                        /** @description All of them, in their order, the first one first. One works that Bitbucket accepts, that has the scopes and that sees the same workspace */
                        credentials: ({
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                            scopes: {
                                /** @description Null where Bitbucket does not tell */
                                granted: string[] | null;
                                missing: string[];
                                /** @description Granted, and not needed */
                                excess: string[];
                            };
                            /** @enum {string} */
                            state: "works";
                        } | {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                            scopes: {
                                /** @description Null where Bitbucket does not tell */
                                granted: string[] | null;
                                missing: string[];
                                /** @description Granted, and not needed */
                                excess: string[];
                            };
                            /** @enum {string} */
                            state: "refused";
                            /** @description Stable */
                            code: string;
                            message: string;
                            /** @description What to do about it */
                            remedy: string;
                            /**
                             * Format: date-time
                             * @description When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells
                             */
                            continuesAt?: string;
                        } | {
                            /** @enum {string} */
                            kind: "oauth-consumer" | "api-token";
                            key: string;
                            scopes: {
                                /** @description Null where Bitbucket does not tell */
                                granted: string[] | null;
                                missing: string[];
                                /** @description Granted, and not needed */
                                excess: string[];
                            };
                            /** @enum {string} */
                            state: "unknown";
                            /** @description Stable */
                            code: string;
                            message: string;
                            /** @description What to do about it */
                            remedy: string;
                            /**
                             * Format: date-time
                             * @description When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells
                             */
                            continuesAt?: string;
                        })[];
                        /** @description Of the first one */
                        scopes: {
                            /** @description Null where Bitbucket does not tell */
                            granted: string[] | null;
                            missing: string[];
                            /** @description Granted, and not needed */
                            excess: string[];
                        };
                        workspace: {
                            /** @enum {string} */
                            state: "found";
                            uuid: string;
                            slug: string;
                            name: string;
                        } | {
                            /** @enum {string} */
                            state: "refused";
                            /** @description Stable */
                            code: string;
                            message: string;
                            /** @description What to do about it */
                            remedy: string;
                            /**
                             * Format: date-time
                             * @description When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells
                             */
                            continuesAt?: string;
                        } | {
                            /** @enum {string} */
                            state: "not-probed";
                            reason: string;
                        };
                        /** @description The credential administers the workspace; null when nothing tells */
                        administrator: boolean | null;
                        /** @description The lists that a full sync reads */
                        endpoints: ({
                            endpoint: string;
                            /** @enum {string} */
                            state: "readable";
                        } | {
                            endpoint: string;
                            /** @enum {string} */
                            state: "refused";
                            /** @description Stable */
                            code: string;
                            message: string;
                            /** @description What to do about it */
                            remedy: string;
                            /**
                             * Format: date-time
                             * @description When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells
                             */
                            continuesAt?: string;
                        } | {
                            endpoint: string;
                            /** @enum {string} */
                            state: "not-probed";
                            reason: string;
                        })[];
                        counts: {
                            /** @description Null where Bitbucket does not tell */
                            members: number | null;
                            /** @description Null where Bitbucket does not tell */
                            groups: number | null;
                            /** @description Null where Bitbucket does not tell */
                            projects: number | null;
                            /** @description Null where Bitbucket does not tell */
                            repositories: number | null;
                        };
                        /** @description What `include` leaves; null without it, and where nothing could be read */
                        included: {
                            projects: {
                                /** @description Null where the list is too long to be read now */
                                included: number | null;
                                /** @description Null where Bitbucket does not tell */
                                of: number | null;
                            };
                            repositories: {
                                /** @description Null where the list is too long to be read now */
                                included: number | null;
                                /** @description Null where Bitbucket does not tell */
                                of: number | null;
                            };
                            /** @description Of a full sync of what is included */
                            requests: number | null;
                            /** @description By how many these are fewer than those of a full sync of everything */
                            saved: number | null;
                            /** @description Both lists were read whole. They are when each takes 20 requests or fewer: up to 2,000 rows */
                            complete: boolean;
                        } | null;
                        fullSync: {
                            /** @description Of what is included, and of everything where `included` does not tell */
                            requests: number | null;
                            /** @description Of the credentials that work, together: what Bitbucket grants, or what this installation allows itself */
                            requestsPerHour: number;
                            /** @description How long these requests take at that */
                            hours: number | null;
                        };
                        /** @description How often incremental syncs read what with these credentials, where they run as often as is of use; null where the size is not known or no credential works */
                        cadences: {
                            requestsPerHour: {
                                /** @description Of all credentials together */
                                total: number;
                                /** @description Kept back for people who wait for an answer */
                                interactive: number;
                                /** @description Kept back for looking again before a removal is believed, and where a hint says so */
                                secondReads: number;
                                /** @description What the tiers take; at most the rest */
                                planned: number;
                            };
                            /** @description An incremental sync starts this often */
                            runEverySeconds: number;
                            /** @description That one incremental sync may make, second reads included, so that the hour is used evenly */
                            requestsPerRun: number;
                            /** @description 1: the budget suffices for the targets; 2: every target is allowed twice its time, and so on */
                            stretch: number;
                            detector: {
                                /** @enum {string} */
                                kind: "effective-permissions" | "none";
                                /**
                                 * @description fresher: a pass of the list is cheap enough to find changes sooner; dearer-than-explicit: it takes as many requests as reading the repositories themselves, or more; no-gain: what it costs buys less than it gives; rows-unknown: how long the list is has not been seen yet
                                 * @enum {string}
                                 */
                                reason: "fresher" | "dearer-than-explicit" | "no-gain" | "rows-unknown" | "no-repositories";
                            };
                            tiers: {
                                /** @enum {string} */
                                tier: "members" | "groups" | "projects" | "repositories" | "project-permissions" | "effective-permissions" | "repository-permissions";
                                /** @description Each of its scopes is read once in this time */
                                everySeconds: number;
                                /** @description That reading all of it once takes */
                                requests: number;
                                /** @description That it costs at this cadence */
                                requestsPerHour: number;
                                /** @description From a change in Bitbucket to its event: half of them within this time */
                                expectedMedianSeconds: number;
                                /** @description 19 of 20 of them within this time */
                                expectedP95Seconds: number;
                            }[];
                        } | null;
                        /** @description One run of `schedule`; null for manual, without a schedule and without cadences */
                        scheduledRun: {
                            /** @enum {string} */
                            kind: "incremental" | "full";
                            /** @description That one run makes, at most */
                            requests: number;
                            /** @description Of an interval; of a cron pattern null */
                            everySeconds: number | null;
                        } | null;
                        /** @description The first of each kind, 20 at most; empty where nothing could be read */
                        preview: {
                            serviceUsers: {
                                /** @description Id of the service user: `user:<uuid>` */
                                id: string;
                                /** @description Null where Bitbucket does not tell it, and where the settings leave it out */
                                displayName: string | null;
                                /** @description In the workspace, such as owner or member; an open set */
                                role: string;
                            }[];
                            groups: {
                                /** @description Id of the membership of a group: `group:<slug>#member` */
                                id: string;
                                name: string;
                                /** @description How many members it has */
                                members: number;
                            }[];
                            projects: {
                                id: "workspace" | string;
                                key: string;
                                name: string;
                            }[];
                            repositories: {
                                id: "workspace" | string;
                                slug: string;
                                name: string;
                                /** @description Null where Bitbucket does not tell it */
                                projectKey: string | null;
                            }[];
                            /** @description Of the first project and the first repository that are included */
                            grants: {
                                holder: {
                                    /** @enum {string} */
                                    kind: "service-user";
                                    /** @description Id of the service user: `user:<uuid>` */
                                    id: string;
                                    /** @description Null where Bitbucket does not tell it, and where the settings leave it out */
                                    displayName: string | null;
                                } | {
                                    /** @enum {string} */
                                    kind: "group";
                                    /** @description Id of the membership of a group: `group:<slug>#member` */
                                    id: string;
                                    name: string;
                                };
                                /** @description An open set */
                                level: string;
                                resource: {
                                    /** @enum {string} */
                                    kind: "project" | "repository";
                                    id: "workspace" | string;
                                    name: string;
                                };
                            }[];
                        };
                        /** @description The requests of this preflight */
                        requests: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        connectApp: {
                            /** @enum {string} */
                            application: "bitbucket-cloud";
                            name: string;
                            uniqueIdentifier: {
                                value: string;
                                /** @enum {boolean} */
                                fixed: true;
                                /** @description Why it cannot be changed */
                                reason: string;
                            };
                            accessVia: {
                                /** @enum {string} */
                                value: "api";
                                /** @enum {boolean} */
                                fixed: true;
                                /** @description Why it cannot be changed */
                                reason: string;
                            };
                            workspace: {
                                value: {
                                    uuid: string;
                                    slug: string;
                                    name: string;
                                };
                                /** @enum {boolean} */
                                fixed: true;
                                /** @description Why it cannot be changed */
                                reason: string;
                            };
                            /** @description Without their secrets; PUT .../credentials replaces them */
                            credentials: {
                                /** @enum {string} */
                                kind: "oauth-consumer" | "api-token";
                                key: string;
                            }[];
                        };
                        appSettings: {
                            schedule: {
                                /** @enum {string} */
                                mode: "manual";
                            } | {
                                /** @enum {string} */
                                mode: "interval";
                                minutes: number;
                                /**
                                 * @description What each run reads: what promises most within the budget, or everything
                                 * @default incremental
                                 * @enum {string}
                                 */
                                kind: "incremental" | "full";
                            } | {
                                /** @enum {string} */
                                mode: "cron";
                                /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                                pattern: string;
                                /** @default UTC */
                                timeZone: string;
                                /**
                                 * @description What each run reads: what promises most within the budget, or everything
                                 * @default incremental
                                 * @enum {string}
                                 */
                                kind: "incremental" | "full";
                            };
                            appOwners: string[];
                            trustRelationship: {
                                /** @enum {string} */
                                value: "downstream";
                                /** @enum {boolean} */
                                fixed: true;
                                /** @description Why it cannot be changed */
                                reason: string;
                            };
                            trustPermission: {
                                /** @enum {string} */
                                value: "read-only";
                                /** @enum {boolean} */
                                fixed: true;
                                /** @description Why it cannot be changed */
                                reason: string;
                            };
                            defaultEntitlement: {
                                value: null;
                                /** @enum {boolean} */
                                fixed: true;
                                /** @description Why it cannot be changed */
                                reason: string;
                            };
                            /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                            include: {
                                /**
                                 * @description Keys of projects: only these, and the repositories in them; null: all
                                 * @default null
                                 */
                                projects: string[] | null;
                                /**
                                 * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                                 * @default null
                                 */
                                repositories: string[] | null;
                            };
                            /** @description What a connection may lose within a day without a decision */
                            removalLimit: {
                                /** @description Share of the grants and nestings, from 0 to 1 */
                                share: number;
                                /** @description So many may always go, whatever the share */
                                count: number;
                            };
                            /**
                             * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                             * @enum {string}
                             */
                            publishLevels: "in-use" | "all";
                        };
                        userSettings: {
                            provisioning: {
                                createUser: {
                                    /** @enum {boolean} */
                                    value: false;
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                updateUser: {
                                    /** @enum {boolean} */
                                    value: false;
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                deactivateUser: {
                                    /** @enum {boolean} */
                                    value: false;
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                deleteUser: {
                                    /** @enum {boolean} */
                                    value: false;
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                addEntitlement: {
                                    /** @enum {boolean} */
                                    value: false;
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                                removeEntitlement: {
                                    /** @enum {boolean} */
                                    value: false;
                                    /** @enum {boolean} */
                                    fixed: true;
                                    /** @description Why it cannot be changed */
                                    reason: string;
                                };
                            };
                            onTermination: {
                                /** @enum {string} */
                                value: "nothing";
                                /** @enum {boolean} */
                                fixed: true;
                                /** @description Why it cannot be changed */
                                reason: string;
                            };
                            confirmEmails: boolean;
                            attributes: {
                                /** @enum {string} */
                                name: "displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email";
                                published: boolean;
                                /** @description It says something of a person */
                                personal: boolean;
                            }[];
                        };
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewSettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its name for people; unique within the tenant */
                    name?: string;
                    schedule?: {
                        /** @enum {string} */
                        mode: "manual";
                    } | {
                        /** @enum {string} */
                        mode: "interval";
                        minutes: number;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "incremental" | "full";
                    } | {
                        /** @enum {string} */
                        mode: "cron";
                        /** @description Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5 */
                        pattern: string;
                        /** @default UTC */
                        timeZone?: string;
                        /**
                         * @description What each run reads: what promises most within the budget, or everything
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "incremental" | "full";
                    };
                    /** @description Ids of the identities in Clarity who answer for it; one at least is advisable */
                    appOwners?: string[];
                    /** @description What is read; what is left out stays as last known and is told as unobservable, never as revoked */
                    include?: {
                        /**
                         * @description Keys of projects: only these, and the repositories in them; null: all
                         * @default null
                         */
                        projects?: string[] | null;
                        /**
                         * @description Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all
                         * @default null
                         */
                        repositories?: string[] | null;
                    };
                    /**
                     * @description in-use: levels that somebody or some group holds; all: every level of every project and repository
                     * @enum {string}
                     */
                    publishLevels?: "in-use" | "all";
                    /** @description What a connection may lose within a day without a decision */
                    removalLimit?: {
                        /** @description Share of the grants and nestings, from 0 to 1 */
                        share: number;
                        /** @description So many may always go, whatever the share */
                        count: number;
                    };
                    /** @description Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told */
                    confirmEmails?: boolean;
                    /** @description Attributes of service users that are published, besides those that tell accounts apart */
                    attributes?: ("displayName" | "nickname" | "createdOn" | "twoFactorEnabled" | "addedOn" | "lastAccessedOn" | "profileUrl" | "email")[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What the change does to what is published already */
                        effects: {
                            /** @description Name of the setting */
                            setting: string;
                            /** @description What happens, and when, for people */
                            effect: string;
                            /** @description How many it concerns, by what */
                            figures: {
                                [key: string]: number;
                            };
                        }[];
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSyncs: {
        parameters: {
            query?: {
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Id of the sync */
                            id: string;
                            /** @description Id of the connection */
                            connectionId: string;
                            /**
                             * @description full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing
                             * @enum {string}
                             */
                            kind: "full" | "incremental" | "targeted" | "preview";
                            /**
                             * @description What asked for it; saved: the connection was saved
                             * @enum {string}
                             */
                            trigger: "saved" | "api" | "schedule" | "verification" | "webhook";
                            /** @description What a targeted sync reads; null for all others */
                            scopes: (("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string)[] | null;
                            /** @enum {string} */
                            state: "requested" | "running" | "completed" | "failed" | "cancelled";
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            requestedAt: string;
                            startedAt: string | null;
                            finishedAt: string | null;
                            progress: {
                                /** @description In scopes; total is null until the list is read */
                                phases: {
                                    /** @enum {string} */
                                    phase: "workspace" | "members" | "groups" | "projects" | "repositories" | "project-permissions" | "effective-permissions" | "repository-permissions";
                                    done: number;
                                    total: number | null;
                                }[];
                                /** @description Requests sent to Bitbucket so far */
                                requests: number;
                                /** @description Of a sync without removals and interruptions; null until the lists are read */
                                requestsExpected: number | null;
                            };
                            /** @description null: not known yet, or no longer of use */
                            estimate: {
                                /** @description To Bitbucket, from the beginning to the end */
                                requests: number;
                                /**
                                 * Format: date-time
                                 * @description When it will have come to its end, given the budget as it is
                                 */
                                endsAt: string;
                            } | null;
                            /** @description It goes on then, if there is room by that time */
                            waitingUntil: string | null;
                            /** @description request-budget: the hour of the credential is used up; stream: too many events wait for Kafka, which is away or slow */
                            waitingFor: ("request-budget" | "stream") | null;
                            /** @description So far, as scopes are committed; service users are counted as scanned at the end. Of a preview: what would change */
                            stats: {
                                [key: string]: {
                                    /** @description All that were read */
                                    scanned: number;
                                    /** @description As they were before */
                                    unchanged: number;
                                    /** @description Told as changed */
                                    changed: number;
                                    /** @description Told as new */
                                    added: number;
                                    /** @description Told as gone */
                                    removed: number;
                                };
                            };
                            /** @description Grants and nestings that it was the first to find gone, and that wait for a decision instead of being told */
                            held: number;
                            coverage: {
                                /** @description Scopes read to their end */
                                complete: number;
                                /** @description Scopes that could not be read this time; their facts are kept */
                                stale: number;
                                /** @description Scopes that Bitbucket does not show to this credential, or that the settings leave out; their facts are kept */
                                unobservable: number;
                                /** @description Of the unobservable ones, those that the settings leave out. Absent: none */
                                notIncluded?: number;
                            } | null;
                            error: {
                                /** @description An open set */
                                code: string;
                                /** @description What went wrong, for people */
                                title: string;
                                /** @description Whether the same may go well later */
                                retryable: boolean;
                                /** @description What to do about it */
                                remedy: string;
                            } | null;
                            /** @description What became of what was to be verified; null before the end, and of others */
                            verified: {
                                id: string;
                                /** @enum {string} */
                                state: "gone" | "still-there" | "not-observable";
                                /** @description It is gone at that level; this is what is held instead */
                                now?: string;
                                /** @description It is gone, and telling so waits for a decision, as GET .../hold says */
                                held?: boolean;
                                /** @description Why it could not be observed */
                                reason?: string;
                            }[] | null;
                            /** @description How many syncs of the connection have their turn before it; null: it has begun, or is over */
                            ahead: number | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing
                     * @default full
                     * @enum {string}
                     */
                    kind?: "full" | "incremental" | "targeted" | "preview";
                    /** @description What a targeted sync reads */
                    scopes?: (("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string)[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sync: {
                            /** @description Id of the sync */
                            id: string;
                            /** @description Id of the connection */
                            connectionId: string;
                            /**
                             * @description full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing
                             * @enum {string}
                             */
                            kind: "full" | "incremental" | "targeted" | "preview";
                            /**
                             * @description What asked for it; saved: the connection was saved
                             * @enum {string}
                             */
                            trigger: "saved" | "api" | "schedule" | "verification" | "webhook";
                            /** @description What a targeted sync reads; null for all others */
                            scopes: (("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string)[] | null;
                            /** @enum {string} */
                            state: "requested" | "running" | "completed" | "failed" | "cancelled";
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            requestedAt: string;
                            startedAt: string | null;
                            finishedAt: string | null;
                            progress: {
                                /** @description In scopes; total is null until the list is read */
                                phases: {
                                    /** @enum {string} */
                                    phase: "workspace" | "members" | "groups" | "projects" | "repositories" | "project-permissions" | "effective-permissions" | "repository-permissions";
                                    done: number;
                                    total: number | null;
                                }[];
                                /** @description Requests sent to Bitbucket so far */
                                requests: number;
                                /** @description Of a sync without removals and interruptions; null until the lists are read */
                                requestsExpected: number | null;
                            };
                            /** @description null: not known yet, or no longer of use */
                            estimate: {
                                /** @description To Bitbucket, from the beginning to the end */
                                requests: number;
                                /**
                                 * Format: date-time
                                 * @description When it will have come to its end, given the budget as it is
                                 */
                                endsAt: string;
                            } | null;
                            /** @description It goes on then, if there is room by that time */
                            waitingUntil: string | null;
                            /** @description request-budget: the hour of the credential is used up; stream: too many events wait for Kafka, which is away or slow */
                            waitingFor: ("request-budget" | "stream") | null;
                            /** @description So far, as scopes are committed; service users are counted as scanned at the end. Of a preview: what would change */
                            stats: {
                                [key: string]: {
                                    /** @description All that were read */
                                    scanned: number;
                                    /** @description As they were before */
                                    unchanged: number;
                                    /** @description Told as changed */
                                    changed: number;
                                    /** @description Told as new */
                                    added: number;
                                    /** @description Told as gone */
                                    removed: number;
                                };
                            };
                            /** @description Grants and nestings that it was the first to find gone, and that wait for a decision instead of being told */
                            held: number;
                            coverage: {
                                /** @description Scopes read to their end */
                                complete: number;
                                /** @description Scopes that could not be read this time; their facts are kept */
                                stale: number;
                                /** @description Scopes that Bitbucket does not show to this credential, or that the settings leave out; their facts are kept */
                                unobservable: number;
                                /** @description Of the unobservable ones, those that the settings leave out. Absent: none */
                                notIncluded?: number;
                            } | null;
                            error: {
                                /** @description An open set */
                                code: string;
                                /** @description What went wrong, for people */
                                title: string;
                                /** @description Whether the same may go well later */
                                retryable: boolean;
                                /** @description What to do about it */
                                remedy: string;
                            } | null;
                            /** @description What became of what was to be verified; null before the end, and of others */
                            verified: {
                                id: string;
                                /** @enum {string} */
                                state: "gone" | "still-there" | "not-observable";
                                /** @description It is gone at that level; this is what is held instead */
                                now?: string;
                                /** @description It is gone, and telling so waits for a decision, as GET .../hold says */
                                held?: boolean;
                                /** @description Why it could not be observed */
                                reason?: string;
                            }[] | null;
                            /** @description How many syncs of the connection have their turn before it; null: it has begun, or is over */
                            ahead: number | null;
                        };
                        joined: boolean;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSync: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
                /** @description Id of the sync */
                syncId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the sync */
                        id: string;
                        /** @description Id of the connection */
                        connectionId: string;
                        /**
                         * @description full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing
                         * @enum {string}
                         */
                        kind: "full" | "incremental" | "targeted" | "preview";
                        /**
                         * @description What asked for it; saved: the connection was saved
                         * @enum {string}
                         */
                        trigger: "saved" | "api" | "schedule" | "verification" | "webhook";
                        /** @description What a targeted sync reads; null for all others */
                        scopes: (("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string)[] | null;
                        /** @enum {string} */
                        state: "requested" | "running" | "completed" | "failed" | "cancelled";
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        requestedAt: string;
                        startedAt: string | null;
                        finishedAt: string | null;
                        progress: {
                            /** @description In scopes; total is null until the list is read */
                            phases: {
                                /** @enum {string} */
                                phase: "workspace" | "members" | "groups" | "projects" | "repositories" | "project-permissions" | "effective-permissions" | "repository-permissions";
                                done: number;
                                total: number | null;
                            }[];
                            /** @description Requests sent to Bitbucket so far */
                            requests: number;
                            /** @description Of a sync without removals and interruptions; null until the lists are read */
                            requestsExpected: number | null;
                        };
                        /** @description null: not known yet, or no longer of use */
                        estimate: {
                            /** @description To Bitbucket, from the beginning to the end */
                            requests: number;
                            /**
                             * Format: date-time
                             * @description When it will have come to its end, given the budget as it is
                             */
                            endsAt: string;
                        } | null;
                        /** @description It goes on then, if there is room by that time */
                        waitingUntil: string | null;
                        /** @description request-budget: the hour of the credential is used up; stream: too many events wait for Kafka, which is away or slow */
                        waitingFor: ("request-budget" | "stream") | null;
                        /** @description So far, as scopes are committed; service users are counted as scanned at the end. Of a preview: what would change */
                        stats: {
                            [key: string]: {
                                /** @description All that were read */
                                scanned: number;
                                /** @description As they were before */
                                unchanged: number;
                                /** @description Told as changed */
                                changed: number;
                                /** @description Told as new */
                                added: number;
                                /** @description Told as gone */
                                removed: number;
                            };
                        };
                        /** @description Grants and nestings that it was the first to find gone, and that wait for a decision instead of being told */
                        held: number;
                        coverage: {
                            /** @description Scopes read to their end */
                            complete: number;
                            /** @description Scopes that could not be read this time; their facts are kept */
                            stale: number;
                            /** @description Scopes that Bitbucket does not show to this credential, or that the settings leave out; their facts are kept */
                            unobservable: number;
                            /** @description Of the unobservable ones, those that the settings leave out. Absent: none */
                            notIncluded?: number;
                        } | null;
                        error: {
                            /** @description An open set */
                            code: string;
                            /** @description What went wrong, for people */
                            title: string;
                            /** @description Whether the same may go well later */
                            retryable: boolean;
                            /** @description What to do about it */
                            remedy: string;
                        } | null;
                        /** @description What became of what was to be verified; null before the end, and of others */
                        verified: {
                            id: string;
                            /** @enum {string} */
                            state: "gone" | "still-there" | "not-observable";
                            /** @description It is gone at that level; this is what is held instead */
                            now?: string;
                            /** @description It is gone, and telling so waits for a decision, as GET .../hold says */
                            held?: boolean;
                            /** @description Why it could not be observed */
                            reason?: string;
                        }[] | null;
                        /** @description How many syncs of the connection have their turn before it; null: it has begun, or is over */
                        ahead: number | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyRemovals: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of grants and nestings */
                    ids: (string)[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the sync */
                        id: string;
                        /** @description Id of the connection */
                        connectionId: string;
                        /**
                         * @description full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing
                         * @enum {string}
                         */
                        kind: "full" | "incremental" | "targeted" | "preview";
                        /**
                         * @description What asked for it; saved: the connection was saved
                         * @enum {string}
                         */
                        trigger: "saved" | "api" | "schedule" | "verification" | "webhook";
                        /** @description What a targeted sync reads; null for all others */
                        scopes: (("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string)[] | null;
                        /** @enum {string} */
                        state: "requested" | "running" | "completed" | "failed" | "cancelled";
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        requestedAt: string;
                        startedAt: string | null;
                        finishedAt: string | null;
                        progress: {
                            /** @description In scopes; total is null until the list is read */
                            phases: {
                                /** @enum {string} */
                                phase: "workspace" | "members" | "groups" | "projects" | "repositories" | "project-permissions" | "effective-permissions" | "repository-permissions";
                                done: number;
                                total: number | null;
                            }[];
                            /** @description Requests sent to Bitbucket so far */
                            requests: number;
                            /** @description Of a sync without removals and interruptions; null until the lists are read */
                            requestsExpected: number | null;
                        };
                        /** @description null: not known yet, or no longer of use */
                        estimate: {
                            /** @description To Bitbucket, from the beginning to the end */
                            requests: number;
                            /**
                             * Format: date-time
                             * @description When it will have come to its end, given the budget as it is
                             */
                            endsAt: string;
                        } | null;
                        /** @description It goes on then, if there is room by that time */
                        waitingUntil: string | null;
                        /** @description request-budget: the hour of the credential is used up; stream: too many events wait for Kafka, which is away or slow */
                        waitingFor: ("request-budget" | "stream") | null;
                        /** @description So far, as scopes are committed; service users are counted as scanned at the end. Of a preview: what would change */
                        stats: {
                            [key: string]: {
                                /** @description All that were read */
                                scanned: number;
                                /** @description As they were before */
                                unchanged: number;
                                /** @description Told as changed */
                                changed: number;
                                /** @description Told as new */
                                added: number;
                                /** @description Told as gone */
                                removed: number;
                            };
                        };
                        /** @description Grants and nestings that it was the first to find gone, and that wait for a decision instead of being told */
                        held: number;
                        coverage: {
                            /** @description Scopes read to their end */
                            complete: number;
                            /** @description Scopes that could not be read this time; their facts are kept */
                            stale: number;
                            /** @description Scopes that Bitbucket does not show to this credential, or that the settings leave out; their facts are kept */
                            unobservable: number;
                            /** @description Of the unobservable ones, those that the settings leave out. Absent: none */
                            notIncluded?: number;
                        } | null;
                        error: {
                            /** @description An open set */
                            code: string;
                            /** @description What went wrong, for people */
                            title: string;
                            /** @description Whether the same may go well later */
                            retryable: boolean;
                            /** @description What to do about it */
                            remedy: string;
                        } | null;
                        /** @description What became of what was to be verified; null before the end, and of others */
                        verified: {
                            id: string;
                            /** @enum {string} */
                            state: "gone" | "still-there" | "not-observable";
                            /** @description It is gone at that level; this is what is held instead */
                            now?: string;
                            /** @description It is gone, and telling so waits for a decision, as GET .../hold says */
                            held?: boolean;
                            /** @description Why it could not be observed */
                            reason?: string;
                        }[] | null;
                        /** @description How many syncs of the connection have their turn before it; null: it has begun, or is over */
                        ahead: number | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
                /** @description Id of the sync */
                syncId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the sync */
                        id: string;
                        /** @description Id of the connection */
                        connectionId: string;
                        /**
                         * @description full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing
                         * @enum {string}
                         */
                        kind: "full" | "incremental" | "targeted" | "preview";
                        /**
                         * @description What asked for it; saved: the connection was saved
                         * @enum {string}
                         */
                        trigger: "saved" | "api" | "schedule" | "verification" | "webhook";
                        /** @description What a targeted sync reads; null for all others */
                        scopes: (("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string)[] | null;
                        /** @enum {string} */
                        state: "requested" | "running" | "completed" | "failed" | "cancelled";
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        requestedAt: string;
                        startedAt: string | null;
                        finishedAt: string | null;
                        progress: {
                            /** @description In scopes; total is null until the list is read */
                            phases: {
                                /** @enum {string} */
                                phase: "workspace" | "members" | "groups" | "projects" | "repositories" | "project-permissions" | "effective-permissions" | "repository-permissions";
                                done: number;
                                total: number | null;
                            }[];
                            /** @description Requests sent to Bitbucket so far */
                            requests: number;
                            /** @description Of a sync without removals and interruptions; null until the lists are read */
                            requestsExpected: number | null;
                        };
                        /** @description null: not known yet, or no longer of use */
                        estimate: {
                            /** @description To Bitbucket, from the beginning to the end */
                            requests: number;
                            /**
                             * Format: date-time
                             * @description When it will have come to its end, given the budget as it is
                             */
                            endsAt: string;
                        } | null;
                        /** @description It goes on then, if there is room by that time */
                        waitingUntil: string | null;
                        /** @description request-budget: the hour of the credential is used up; stream: too many events wait for Kafka, which is away or slow */
                        waitingFor: ("request-budget" | "stream") | null;
                        /** @description So far, as scopes are committed; service users are counted as scanned at the end. Of a preview: what would change */
                        stats: {
                            [key: string]: {
                                /** @description All that were read */
                                scanned: number;
                                /** @description As they were before */
                                unchanged: number;
                                /** @description Told as changed */
                                changed: number;
                                /** @description Told as new */
                                added: number;
                                /** @description Told as gone */
                                removed: number;
                            };
                        };
                        /** @description Grants and nestings that it was the first to find gone, and that wait for a decision instead of being told */
                        held: number;
                        coverage: {
                            /** @description Scopes read to their end */
                            complete: number;
                            /** @description Scopes that could not be read this time; their facts are kept */
                            stale: number;
                            /** @description Scopes that Bitbucket does not show to this credential, or that the settings leave out; their facts are kept */
                            unobservable: number;
                            /** @description Of the unobservable ones, those that the settings leave out. Absent: none */
                            notIncluded?: number;
                        } | null;
                        error: {
                            /** @description An open set */
                            code: string;
                            /** @description What went wrong, for people */
                            title: string;
                            /** @description Whether the same may go well later */
                            retryable: boolean;
                            /** @description What to do about it */
                            remedy: string;
                        } | null;
                        /** @description What became of what was to be verified; null before the end, and of others */
                        verified: {
                            id: string;
                            /** @enum {string} */
                            state: "gone" | "still-there" | "not-observable";
                            /** @description It is gone at that level; this is what is held instead */
                            now?: string;
                            /** @description It is gone, and telling so waits for a decision, as GET .../hold says */
                            held?: boolean;
                            /** @description Why it could not be observed */
                            reason?: string;
                        }[] | null;
                        /** @description How many syncs of the connection have their turn before it; null: it has begun, or is over */
                        ahead: number | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followSync: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
                /** @description Id of the sync */
                syncId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where Bitbucket delivers; a path alone where PUBLIC_URL is not set */
                        url: string;
                        /** @description To be chosen for it; no other says anything about access */
                        events: string[];
                        /**
                         * Format: date-time
                         * @description When its present secret was made
                         */
                        createdAt: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    configureWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where Bitbucket delivers; a path alone where PUBLIC_URL is not set */
                        url: string;
                        /** @description To be chosen for it; no other says anything about access */
                        events: string[];
                        /**
                         * Format: date-time
                         * @description When its present secret was made
                         */
                        createdAt: string;
                        /** @description With which Bitbucket signs its deliveries; shown this once */
                        secret: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
                /** @description Id of the sync */
                syncId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        evidence: {
                            /** @enum {number} */
                            version: 1;
                            tenantId: string;
                            connection: {
                                /** @description Id of the connection */
                                id: string;
                                uniqueIdentifier: string;
                            };
                            workspace: {
                                uuid: string;
                                slug: string;
                            };
                            sync: {
                                /** @description Id of the sync */
                                id: string;
                                /**
                                 * @description full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing
                                 * @enum {string}
                                 */
                                kind: "full" | "incremental" | "targeted" | "preview";
                                /**
                                 * @description What started it
                                 * @enum {string}
                                 */
                                trigger: "saved" | "api" | "schedule" | "verification" | "webhook";
                                /**
                                 * @description How it ended
                                 * @enum {string}
                                 */
                                state: "completed" | "failed" | "cancelled";
                                /**
                                 * Format: date-time
                                 * @description ISO 8601 in UTC
                                 */
                                requestedAt: string;
                                /** @description null: it ended before it began */
                                startedAt: string | null;
                                /**
                                 * Format: date-time
                                 * @description ISO 8601 in UTC
                                 */
                                finishedAt: string;
                            };
                            /** @description By name: members, projects, repositories. Those that this sync read */
                            listings: {
                                [key: string]: {
                                    /** @description Rows that were read */
                                    read: number;
                                    /** @description Rows that Bitbucket says there are; null where it does not say */
                                    bitbucketReported: number | null;
                                    /** @description Pages that they came in; null where that was not counted */
                                    pages: number | null;
                                };
                            };
                            /** @description Which of them the settings leave out, `notRead` says */
                            coverage: {
                                /** @description Scopes read to their end */
                                complete: number;
                                /** @description Scopes that could not be read this time; their facts are kept */
                                stale: number;
                                /** @description Scopes that Bitbucket does not show to this credential, or that the settings leave out; their facts are kept */
                                unobservable: number;
                            };
                            /** @description Their facts are kept as they were last seen */
                            notRead: {
                                /** @description By scope, those that the settings leave out last; 1,000 at most */
                                scopes: {
                                    /** @description What is read, compared and committed as one */
                                    scope: ("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string;
                                    /**
                                     * @description stale: time may heal it; unobservable: Bitbucket does not show it, or the settings leave it out
                                     * @enum {string}
                                     */
                                    state: "stale" | "unobservable";
                                    /** @description A code of docs/bitbucket-errors.md, the HTTP status, or not-included */
                                    reason: string;
                                    /**
                                     * Format: date-time
                                     * @description ISO 8601 in UTC
                                     */
                                    since: string;
                                    /** @description null: it was never read */
                                    lastReadAt: string | null;
                                }[];
                                /** @description How many there are besides */
                                more: number;
                            };
                            removals: {
                                told: {
                                    grants: number;
                                    nestings: number;
                                };
                                confirmation: {
                                    everyRemoval: string;
                                    greatLoss: string;
                                };
                                /** @description Grants and nestings whose removal waited for a decision when the sync ended */
                                held: number;
                            };
                            /** @description Of the whole connection, as they were told when the sync ended */
                            facts: {
                                serviceUsers: number;
                                entitlements: number;
                                grants: number;
                                nestings: number;
                                /**
                                 * Format: hex
                                 * @description Over the sorted ids of all grants and nestings; docs/evidence.md says how
                                 */
                                sha256: string;
                            };
                            /** @description That the sync sent to Bitbucket */
                            requests: number;
                            software: {
                                name: string;
                                version: string;
                            };
                        };
                        signature: {
                            /** @enum {string} */
                            algorithm: "Ed25519";
                            /**
                             * Format: hex
                             * @description First 16 hexadecimal digits of the SHA-256 over the public key (SubjectPublicKeyInfo, DER)
                             */
                            keyId: string;
                            /**
                             * Format: base64url
                             * @description Over the canonical JSON (RFC 8785) of the evidence, in UTF-8
                             */
                            value: string;
                        };
                    };
                    "text/csv": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvidenceKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-pem-file": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description The sync that first found what is held */
                        syncId: string;
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        openedAt: string;
                        /**
                         * Format: date-time
                         * @description Then it counts as rejected
                         */
                        expiresAt: string;
                        wouldRemove: {
                            grants: number;
                            nestings: number;
                            of: number;
                            share: number;
                        };
                        /** @description What a connection may lose within a day without a decision */
                        limit: {
                            /** @description Share of the grants and nestings, from 0 to 1 */
                            share: number;
                            /** @description So many may always go, whatever the share */
                            count: number;
                        };
                        reason: string;
                        /** @description The largest first, 20 at most */
                        causes: {
                            /**
                             * @description Why they seem to be gone
                             * @enum {string}
                             */
                            kind: "no-longer-listed" | "resource-gone" | "left-the-workspace";
                            /** @description Where they were found missing */
                            scope: ("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string;
                            /** @description Grants and nestings */
                            count: number;
                        }[];
                        /** @description 20 at most */
                        sample: (string)[];
                        /** @description In how many scopes they were found missing */
                        scopes: number;
                        /** @description What a targeted sync has to name to find again all that may be there again */
                        lookAgain: {
                            /** @description 1,000 at most */
                            scopes: (("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string)[];
                            /** @description How many there are besides; above 0 ask for a full sync instead */
                            more: number;
                        };
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHeldRemovals: {
        parameters: {
            query?: {
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description Only what was found missing there */
                scope?: ("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string;
                /** @description no-longer-listed: its resource is read without it; resource-gone: the resource is listed no longer; left-the-workspace: its holder is no member any more */
                cause?: "no-longer-listed" | "resource-gone" | "left-the-workspace";
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            /**
                             * @description grant: a service user holds it; nesting: a group
                             * @enum {string}
                             */
                            kind: "grant" | "nesting";
                            /**
                             * @description no-longer-listed: its resource is read without it; resource-gone: the resource is listed no longer; left-the-workspace: its holder is no member any more
                             * @enum {string}
                             */
                            cause: "no-longer-listed" | "resource-gone" | "left-the-workspace";
                            /** @description What is read, compared and committed as one */
                            scope: ("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string;
                            /** @description What it is held on */
                            resource: "workspace" | string;
                            /** @description As last known; null: not known */
                            resourceName: string | null;
                            level: string;
                            holder: string;
                            /** @description As last told; null: not known, or not published */
                            holderName: string | null;
                            /**
                             * Format: date-time
                             * @description When it was found missing
                             */
                            observedAt: string;
                            evidence: {
                                /** @description How often its scope was read to be sure */
                                reads: number;
                                /**
                                 * Format: date-time
                                 * @description When it was missing for the last time
                                 */
                                confirmedAt: string;
                            };
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approveRemovals: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why, for the audit log; write no personal data */
                    reason: string;
                    /** @description Ids of scopes, grants or nestings; left out: everything that is held */
                    only?: string[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description partly: some were approved, the rest waits on; restored: Bitbucket shows them again; expired: counts as rejected
                         * @enum {string}
                         */
                        decision: "approved" | "partly" | "rejected" | "restored" | "expired";
                        removed: number;
                        kept: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rejectRemovals: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why, for the audit log; write no personal data */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description partly: some were approved, the rest waits on; restored: Bitbucket shows them again; expired: counts as rejected
                         * @enum {string}
                         */
                        decision: "approved" | "partly" | "rejected" | "restored" | "expired";
                        removed: number;
                        kept: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addCandidateEmails: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail addresses that members of the workspace may have */
                    addresses: string[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description New ones; Bitbucket will be asked about them */
                        accepted: number;
                        /** @description Confirmed, waiting, or asked in vain since the last new member came: Bitbucket is not asked again */
                        alreadyKnown: number;
                        /** @description All that Bitbucket is still to be asked about */
                        waiting: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listServiceUsers: {
        parameters: {
            query?: {
                /** @description Part of a name; case and marks on letters do not matter */
                search?: string;
                /** @description unknown: a kind of account that has no name here yet */
                kind?: "person" | "app" | "team" | "unknown";
                /** @description State of the account */
                status?: "active" | "inactive" | "closed" | "unknown";
                /** @description outside: holds something but is no member of the workspace */
                membership?: "member" | "outside";
                /** @description Whether something that administers its resource is held, directly or by a group */
                privileged?: "true" | "false";
                /** @description Whether an address of theirs is confirmed */
                matched?: "true" | "false";
                /** @description Not there since this day, as far as Bitbucket tells it */
                notSeenSince?: string;
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
                /** @description csv: all pages in one table, with a preamble */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description An account in Bitbucket that is in the workspace or holds something there */
                            serviceUser: {
                                /** @description Id of the service user: `user:<uuid>` */
                                id: string;
                                /**
                                 * @description unknown: a kind of account that has no name here yet
                                 * @enum {string}
                                 */
                                kind: "person" | "app" | "team" | "unknown";
                                /**
                                 * @description State of the account
                                 * @enum {string}
                                 */
                                status: "active" | "inactive" | "closed" | "unknown";
                                /**
                                 * @description outside: holds something but is no member of the workspace
                                 * @enum {string}
                                 */
                                membership: "member" | "outside";
                                /** @description What Bitbucket knows it by */
                                externalIds: {
                                    /** @description With its braces */
                                    uuid: string;
                                    /** @description Id of the Atlassian account */
                                    accountId?: string;
                                };
                                /** @description What Bitbucket says of the account. Absent: it did not say */
                                attributes: {
                                    /** @description Name that the account shows */
                                    displayName?: string;
                                    /** @description Short name that the account has chosen */
                                    nickname?: string;
                                    /** @description As Bitbucket writes it; an open set */
                                    accountStatus?: string;
                                    /** @description When the account was made, as Bitbucket writes it */
                                    createdOn?: string;
                                    /** @description Whether it signs in with two steps; null: Bitbucket does not tell */
                                    twoFactorEnabled?: boolean | null;
                                    /** @description Role in the workspace, such as owner or member; an open set */
                                    workspaceRole?: string;
                                    /** @description When it joined the workspace, as Bitbucket writes it */
                                    addedOn?: string;
                                    /**
                                     * Format: date
                                     * @description When it was last there, to the day: it moves too often to be a change each time
                                     */
                                    lastAccessedOn?: string;
                                    /** @description Page of the account at Bitbucket */
                                    profileUrl?: string;
                                    /** @description Its address, as confirmed by Bitbucket */
                                    email?: string;
                                    /**
                                     * @description Absent: no address was ever sent to be asked about
                                     * @enum {string}
                                     */
                                    emailEvidence?: "confirmed" | "candidate-not-found" | "not-asked";
                                };
                            };
                            /** @description Since when it is as it is; null: before anything that is still known */
                            since: string | null;
                            /** @description Holds something that administers its resource, directly or by a group */
                            privileged: boolean;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                    "text/csv": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEntitlements: {
        parameters: {
            query?: {
                /** @description Part of a name; case and marks on letters do not matter */
                search?: string;
                /** @description What holding it means */
                kind?: "workspace-role" | "group-membership" | "project-permission" | "repository-permission";
                /** @description Exactly this level */
                level?: string;
                /** @description Id of the resource */
                resource?: string;
                /** @description Whether it administers the resource */
                privileged?: "true" | "false";
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
                /** @description csv: all pages in one table, with a preamble */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Something that can be held: a level on a resource */
                            entitlement: {
                                /** @description Id of the entitlement: `<resource>#<level>` */
                                id: string;
                                /**
                                 * @description What holding it means
                                 * @enum {string}
                                 */
                                kind: "workspace-role" | "group-membership" | "project-permission" | "repository-permission";
                                /** @description An open set; known ones are ordered none < read < write < create-repo < admin */
                                level: string;
                                /** @description Unique within a connection */
                                name: string;
                                /** @description What a level is held on */
                                resource: {
                                    /**
                                     * @description What it is
                                     * @enum {string}
                                     */
                                    kind: "workspace" | "group" | "project" | "repository";
                                    /** @description A group has none */
                                    uuid?: string;
                                    /** @description Its name in addresses; a project has none */
                                    slug?: string;
                                    /** @description Of a project */
                                    key?: string;
                                    /** @description Its name for people */
                                    name: string;
                                    /** @description Its page at Bitbucket */
                                    url?: string;
                                    /** @description false: anyone may read it; that is never a grant */
                                    private?: boolean;
                                    /** @description Of a group: what it gets on new repositories */
                                    defaultPermission?: string | null;
                                    /** @description The project that a repository is in */
                                    parent?: {
                                        /**
                                         * @description What it is
                                         * @enum {string}
                                         */
                                        kind: "project";
                                        /** @description With its braces */
                                        uuid: string;
                                        /** @description Of the project */
                                        key: string;
                                    };
                                };
                                /** @description Whether it lets its holder administer the resource */
                                privileged: boolean;
                                /**
                                 * @description high: privileged, or a group that gets write or admin on new repositories
                                 * @enum {string}
                                 */
                                riskHint: "high" | "normal";
                            };
                            /** @description Since when it is as it is; null: before anything that is still known */
                            since: string | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                    "text/csv": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listResources: {
        parameters: {
            query?: {
                /** @description Part of a name; case and marks on letters do not matter */
                search?: string;
                kind?: "project" | "repository" | "group";
                /** @description Id of the project that repositories are in */
                project?: string;
                /** @description false: anyone may read it */
                private?: "true" | "false";
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
                /** @description csv: all pages in one table, with a preamble */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            /** @description What a level is held on */
                            resource: {
                                /**
                                 * @description What it is
                                 * @enum {string}
                                 */
                                kind: "workspace" | "group" | "project" | "repository";
                                /** @description A group has none */
                                uuid?: string;
                                /** @description Its name in addresses; a project has none */
                                slug?: string;
                                /** @description Of a project */
                                key?: string;
                                /** @description Its name for people */
                                name: string;
                                /** @description Its page at Bitbucket */
                                url?: string;
                                /** @description false: anyone may read it; that is never a grant */
                                private?: boolean;
                                /** @description Of a group: what it gets on new repositories */
                                defaultPermission?: string | null;
                                /** @description The project that a repository is in */
                                parent?: {
                                    /**
                                     * @description What it is
                                     * @enum {string}
                                     */
                                    kind: "project";
                                    /** @description With its braces */
                                    uuid: string;
                                    /** @description Of the project */
                                    key: string;
                                };
                            };
                            /** @description Id of the project that a repository is in */
                            project: string | null;
                            /** @description How many can do something there, by whatever way, or are in the group */
                            people: number;
                            /** @description When the oldest of what it rests on was last read; null: some of it never was; absent: it is of the past */
                            readAt?: string | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                    "text/csv": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGrants: {
        parameters: {
            query?: {
                /** @description Id of the entitlement */
                entitlementId?: string;
                /** @description Id of the resource */
                resource?: string;
                resourceKind?: "workspace" | "group" | "project" | "repository";
                /** @description Exactly this level */
                level?: string;
                /** @description Whether it administers the resource */
                privileged?: "true" | "false";
                /** @description none: what is held; also: what was held before as well; only: what is no longer held, the last first */
                ended?: "none" | "also" | "only";
                /** @description Id of the holder */
                serviceUserId?: string;
                /** @description Whether the holder comes to the same resource by another way as well */
                otherPath?: "true" | "false";
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
                /** @description csv: all pages in one table, with a preamble */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            entitlementId: string;
                            /** @description As it was last while this was held; null: not known */
                            entitlementName: string | null;
                            /** @description Id of the resource */
                            resource: string;
                            level: string;
                            privileged: boolean;
                            /** @description When it was first seen; null: before anything that is still known */
                            grantedAt: string | null;
                            /** @description When it was seen to be gone; null: it is held */
                            removedAt: string | null;
                            /** @description When the oldest of what it rests on was last read; null: some of it never was; absent: it is of the past */
                            readAt?: string | null;
                            serviceUserId: string;
                            /** @description As it was last while this was held; null: not known, or erased */
                            serviceUserName: string | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                    "text/csv": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNestings: {
        parameters: {
            query?: {
                /** @description Id of the entitlement */
                entitlementId?: string;
                /** @description Id of the resource */
                resource?: string;
                resourceKind?: "workspace" | "group" | "project" | "repository";
                /** @description Exactly this level */
                level?: string;
                /** @description Whether it administers the resource */
                privileged?: "true" | "false";
                /** @description none: what is held; also: what was held before as well; only: what is no longer held, the last first */
                ended?: "none" | "also" | "only";
                /** @description Id of the group, or of its membership */
                container?: string;
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
                /** @description csv: all pages in one table, with a preamble */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            entitlementId: string;
                            /** @description As it was last while this was held; null: not known */
                            entitlementName: string | null;
                            /** @description Id of the resource */
                            resource: string;
                            level: string;
                            privileged: boolean;
                            /** @description When it was first seen; null: before anything that is still known */
                            grantedAt: string | null;
                            /** @description When it was seen to be gone; null: it is held */
                            removedAt: string | null;
                            /** @description When the oldest of what it rests on was last read; null: some of it never was; absent: it is of the past */
                            readAt?: string | null;
                            /** @description Membership of the group that holds it */
                            container: string;
                            groupName: string | null;
                            /** @description How many are in the group */
                            members: number;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                    "text/csv": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accessOfUser: {
        parameters: {
            query: {
                /** @description Exactly this level */
                level?: string;
                /** @description At least this level: read, write, create-repo, admin */
                atLeast?: string;
                via?: "direct" | "group" | "project" | "project-group" | "workspace-owner";
                /** @description Only where so many ways lead there */
                pathsMin?: number;
                /** @description By the name, or the highest level first */
                sort?: "name" | "level";
                /** @description Part of a name; case and marks on letters do not matter */
                search?: string;
                /** @description Id of the service user */
                serviceUserId: string;
                resourceKind?: "project" | "repository";
                /** @description Whether the resource can be administered */
                privileged?: "true" | "false";
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
                /** @description csv: all pages in one table, with a preamble */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Id of the service user: `user:<uuid>` */
                            serviceUserId: string;
                            resource: "workspace" | string;
                            /** @description The highest of all paths; null without any */
                            level: string | null;
                            paths: {
                                /**
                                 * @description project and project-group: by what is held on the project that the repository is in
                                 * @enum {string}
                                 */
                                via: "direct" | "group" | "project" | "project-group" | "workspace-owner";
                                /** @description What it gives on the resource; on a repository create-repo counts as write */
                                level: string;
                                steps: {
                                    /** @description How this node follows from the one before; the first one follows from none */
                                    edge?: string;
                                    node: string;
                                    /** @description Of the person, group, project, repository or workspace; null: not known, or erased */
                                    name: string | null;
                                    /** @description Since when the assignment is known; null: before anything that is still known; absent: it is none */
                                    since?: string | null;
                                }[];
                                /** @description Since when it leads there as a whole; null: before anything that is known */
                                since: string | null;
                            }[];
                            /** @description Which of the paths give that level */
                            decidedBy: number[];
                            /** @description For each assignment on any path, the level that would be left without it */
                            ifRemoved: {
                                edge: string;
                                levelAfter: string | null;
                            }[];
                            /** @description The repository or project is public: it can be read without any path */
                            anyoneMayRead: boolean;
                            /** @description When the oldest of what it rests on was last read; null: some of it never was; absent: it is of the past */
                            readAt?: string | null;
                            /** @description What the access is to */
                            on: {
                                /**
                                 * @description What it is
                                 * @enum {string}
                                 */
                                kind: "workspace" | "group" | "project" | "repository";
                                /** @description A group has none */
                                uuid?: string;
                                /** @description Its name in addresses; a project has none */
                                slug?: string;
                                /** @description Of a project */
                                key?: string;
                                /** @description Its name for people */
                                name: string;
                                /** @description Its page at Bitbucket */
                                url?: string;
                                /** @description false: anyone may read it; that is never a grant */
                                private?: boolean;
                                /** @description Of a group: what it gets on new repositories */
                                defaultPermission?: string | null;
                                /** @description The project that a repository is in */
                                parent?: {
                                    /**
                                     * @description What it is
                                     * @enum {string}
                                     */
                                    kind: "project";
                                    /** @description With its braces */
                                    uuid: string;
                                    /** @description Of the project */
                                    key: string;
                                };
                            };
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                    "text/csv": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whoCan: {
        parameters: {
            query: {
                /** @description Exactly this level */
                level?: string;
                /** @description At least this level: read, write, create-repo, admin */
                atLeast?: string;
                via?: "direct" | "group" | "project" | "project-group" | "workspace-owner";
                /** @description Only where so many ways lead there */
                pathsMin?: number;
                /** @description By the name, or the highest level first */
                sort?: "name" | "level";
                /** @description Part of a name; case and marks on letters do not matter */
                search?: string;
                /** @description Id of a project or repository; or of an entitlement of one, which asks for its level or more */
                resource: string;
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
                /** @description csv: all pages in one table, with a preamble */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Id of the service user: `user:<uuid>` */
                            serviceUserId: string;
                            resource: "workspace" | string;
                            /** @description The highest of all paths; null without any */
                            level: string | null;
                            paths: {
                                /**
                                 * @description project and project-group: by what is held on the project that the repository is in
                                 * @enum {string}
                                 */
                                via: "direct" | "group" | "project" | "project-group" | "workspace-owner";
                                /** @description What it gives on the resource; on a repository create-repo counts as write */
                                level: string;
                                steps: {
                                    /** @description How this node follows from the one before; the first one follows from none */
                                    edge?: string;
                                    node: string;
                                    /** @description Of the person, group, project, repository or workspace; null: not known, or erased */
                                    name: string | null;
                                    /** @description Since when the assignment is known; null: before anything that is still known; absent: it is none */
                                    since?: string | null;
                                }[];
                                /** @description Since when it leads there as a whole; null: before anything that is known */
                                since: string | null;
                            }[];
                            /** @description Which of the paths give that level */
                            decidedBy: number[];
                            /** @description For each assignment on any path, the level that would be left without it */
                            ifRemoved: {
                                edge: string;
                                levelAfter: string | null;
                            }[];
                            /** @description The repository or project is public: it can be read without any path */
                            anyoneMayRead: boolean;
                            /** @description When the oldest of what it rests on was last read; null: some of it never was; absent: it is of the past */
                            readAt?: string | null;
                            /** @description null: nothing but the id is known */
                            serviceUser: {
                                /** @description Id of the service user: `user:<uuid>` */
                                id: string;
                                /**
                                 * @description unknown: a kind of account that has no name here yet
                                 * @enum {string}
                                 */
                                kind: "person" | "app" | "team" | "unknown";
                                /**
                                 * @description State of the account
                                 * @enum {string}
                                 */
                                status: "active" | "inactive" | "closed" | "unknown";
                                /**
                                 * @description outside: holds something but is no member of the workspace
                                 * @enum {string}
                                 */
                                membership: "member" | "outside";
                                /** @description What Bitbucket knows it by */
                                externalIds: {
                                    /** @description With its braces */
                                    uuid: string;
                                    /** @description Id of the Atlassian account */
                                    accountId?: string;
                                };
                                /** @description What Bitbucket says of the account. Absent: it did not say */
                                attributes: {
                                    /** @description Name that the account shows */
                                    displayName?: string;
                                    /** @description Short name that the account has chosen */
                                    nickname?: string;
                                    /** @description As Bitbucket writes it; an open set */
                                    accountStatus?: string;
                                    /** @description When the account was made, as Bitbucket writes it */
                                    createdOn?: string;
                                    /** @description Whether it signs in with two steps; null: Bitbucket does not tell */
                                    twoFactorEnabled?: boolean | null;
                                    /** @description Role in the workspace, such as owner or member; an open set */
                                    workspaceRole?: string;
                                    /** @description When it joined the workspace, as Bitbucket writes it */
                                    addedOn?: string;
                                    /**
                                     * Format: date
                                     * @description When it was last there, to the day: it moves too often to be a change each time
                                     */
                                    lastAccessedOn?: string;
                                    /** @description Page of the account at Bitbucket */
                                    profileUrl?: string;
                                    /** @description Its address, as confirmed by Bitbucket */
                                    email?: string;
                                    /**
                                     * @description Absent: no address was ever sent to be asked about
                                     * @enum {string}
                                     */
                                    emailEvidence?: "confirmed" | "candidate-not-found" | "not-asked";
                                };
                            } | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                    "text/csv": string;
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getServiceUser: {
        parameters: {
            query?: {
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
                serviceUserId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description An account in Bitbucket that is in the workspace or holds something there */
                        serviceUser: {
                            /** @description Id of the service user: `user:<uuid>` */
                            id: string;
                            /**
                             * @description unknown: a kind of account that has no name here yet
                             * @enum {string}
                             */
                            kind: "person" | "app" | "team" | "unknown";
                            /**
                             * @description State of the account
                             * @enum {string}
                             */
                            status: "active" | "inactive" | "closed" | "unknown";
                            /**
                             * @description outside: holds something but is no member of the workspace
                             * @enum {string}
                             */
                            membership: "member" | "outside";
                            /** @description What Bitbucket knows it by */
                            externalIds: {
                                /** @description With its braces */
                                uuid: string;
                                /** @description Id of the Atlassian account */
                                accountId?: string;
                            };
                            /** @description What Bitbucket says of the account. Absent: it did not say */
                            attributes: {
                                /** @description Name that the account shows */
                                displayName?: string;
                                /** @description Short name that the account has chosen */
                                nickname?: string;
                                /** @description As Bitbucket writes it; an open set */
                                accountStatus?: string;
                                /** @description When the account was made, as Bitbucket writes it */
                                createdOn?: string;
                                /** @description Whether it signs in with two steps; null: Bitbucket does not tell */
                                twoFactorEnabled?: boolean | null;
                                /** @description Role in the workspace, such as owner or member; an open set */
                                workspaceRole?: string;
                                /** @description When it joined the workspace, as Bitbucket writes it */
                                addedOn?: string;
                                /**
                                 * Format: date
                                 * @description When it was last there, to the day: it moves too often to be a change each time
                                 */
                                lastAccessedOn?: string;
                                /** @description Page of the account at Bitbucket */
                                profileUrl?: string;
                                /** @description Its address, as confirmed by Bitbucket */
                                email?: string;
                                /**
                                 * @description Absent: no address was ever sent to be asked about
                                 * @enum {string}
                                 */
                                emailEvidence?: "confirmed" | "candidate-not-found" | "not-asked";
                            };
                        };
                        /** @description Since when it is as it is; null: before anything that is still known */
                        since: string | null;
                        /** @description Holds something that administers its resource, directly or by a group */
                        privileged: boolean;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEntitlement: {
        parameters: {
            query?: {
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
                entitlementId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Something that can be held: a level on a resource */
                        entitlement: {
                            /** @description Id of the entitlement: `<resource>#<level>` */
                            id: string;
                            /**
                             * @description What holding it means
                             * @enum {string}
                             */
                            kind: "workspace-role" | "group-membership" | "project-permission" | "repository-permission";
                            /** @description An open set; known ones are ordered none < read < write < create-repo < admin */
                            level: string;
                            /** @description Unique within a connection */
                            name: string;
                            /** @description What a level is held on */
                            resource: {
                                /**
                                 * @description What it is
                                 * @enum {string}
                                 */
                                kind: "workspace" | "group" | "project" | "repository";
                                /** @description A group has none */
                                uuid?: string;
                                /** @description Its name in addresses; a project has none */
                                slug?: string;
                                /** @description Of a project */
                                key?: string;
                                /** @description Its name for people */
                                name: string;
                                /** @description Its page at Bitbucket */
                                url?: string;
                                /** @description false: anyone may read it; that is never a grant */
                                private?: boolean;
                                /** @description Of a group: what it gets on new repositories */
                                defaultPermission?: string | null;
                                /** @description The project that a repository is in */
                                parent?: {
                                    /**
                                     * @description What it is
                                     * @enum {string}
                                     */
                                    kind: "project";
                                    /** @description With its braces */
                                    uuid: string;
                                    /** @description Of the project */
                                    key: string;
                                };
                            };
                            /** @description Whether it lets its holder administer the resource */
                            privileged: boolean;
                            /**
                             * @description high: privileged, or a group that gets write or admin on new repositories
                             * @enum {string}
                             */
                            riskHint: "high" | "normal";
                        };
                        /** @description Since when it is as it is; null: before anything that is still known */
                        since: string | null;
                        /** @description Service users who hold it directly; groups */
                        holders: {
                            grants: number;
                            nestings: number;
                        };
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainAccess: {
        parameters: {
            query: {
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
                serviceUserId: string;
                resource: string;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the service user: `user:<uuid>` */
                        serviceUserId: string;
                        resource: "workspace" | string;
                        /** @description The highest of all paths; null without any */
                        level: string | null;
                        paths: {
                            /**
                             * @description project and project-group: by what is held on the project that the repository is in
                             * @enum {string}
                             */
                            via: "direct" | "group" | "project" | "project-group" | "workspace-owner";
                            /** @description What it gives on the resource; on a repository create-repo counts as write */
                            level: string;
                            steps: {
                                /** @description How this node follows from the one before; the first one follows from none */
                                edge?: string;
                                node: string;
                                /** @description Of the person, group, project, repository or workspace; null: not known, or erased */
                                name: string | null;
                                /** @description Since when the assignment is known; null: before anything that is still known; absent: it is none */
                                since?: string | null;
                            }[];
                            /** @description Since when it leads there as a whole; null: before anything that is known */
                            since: string | null;
                        }[];
                        /** @description Which of the paths give that level */
                        decidedBy: number[];
                        /** @description For each assignment on any path, the level that would be left without it */
                        ifRemoved: {
                            edge: string;
                            levelAfter: string | null;
                        }[];
                        /** @description The repository or project is public: it can be read without any path */
                        anyoneMayRead: boolean;
                        /** @description When the oldest of what it rests on was last read; null: some of it never was; absent: it is of the past */
                        readAt?: string | null;
                        /** @description The last event that the answer includes */
                        sequence: number;
                        /** @description null: nothing is held on it by itself, so that the stream does not name it */
                        on: {
                            /**
                             * @description What it is
                             * @enum {string}
                             */
                            kind: "workspace" | "group" | "project" | "repository";
                            /** @description A group has none */
                            uuid?: string;
                            /** @description Its name in addresses; a project has none */
                            slug?: string;
                            /** @description Of a project */
                            key?: string;
                            /** @description Its name for people */
                            name: string;
                            /** @description Its page at Bitbucket */
                            url?: string;
                            /** @description false: anyone may read it; that is never a grant */
                            private?: boolean;
                            /** @description Of a group: what it gets on new repositories */
                            defaultPermission?: string | null;
                            /** @description The project that a repository is in */
                            parent?: {
                                /**
                                 * @description What it is
                                 * @enum {string}
                                 */
                                kind: "project";
                                /** @description With its braces */
                                uuid: string;
                                /** @description Of the project */
                                key: string;
                            };
                        } | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCounts: {
        parameters: {
            query?: {
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        serviceUsers: number;
                        /** @description Of them, those who are no members of the workspace */
                        outside: number;
                        /** @description Of them, those of whom Bitbucket has confirmed an address */
                        emailConfirmed: number;
                        /** @description Of them, those who have none of the addresses that were asked about */
                        emailNotFound: number;
                        /** @description Of them, those for whom no address was asked about since they came */
                        emailNotAsked: number;
                        groups: number;
                        /** @description On which something is held by itself */
                        projects: number;
                        /** @description On which something is held by itself */
                        repositories: number;
                        entitlements: number;
                        grants: number;
                        privilegedGrants: number;
                        nestings: number;
                        /** @description The last event that the answer includes */
                        sequence: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCoverage: {
        parameters: {
            query?: {
                /** @description As it was known at this time; left out: as it is known now */
                asOf?: string;
                /** @description As it was after this event */
                atSequence?: number;
                /** @description Number of an event that the answer must include; it is waited for, five seconds at most */
                waitFor?: number;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description partial: something could not be read; none: no sync has come to its end yet
                         * @enum {string}
                         */
                        state: "complete" | "partial" | "none";
                        /** @description When the last sync ended that came to its end */
                        observedAt: string | null;
                        lastCompletedSyncId: string | null;
                        /** @description Scopes of which what is known stays as last known */
                        unobservable: {
                            /** @description What is read, compared and committed as one */
                            id: ("workspace/members" | "workspace/groups" | "workspace/projects" | "workspace/repositories") | string;
                            /**
                             * @description Only those that cannot be observed are here
                             * @enum {string}
                             */
                            state: "unobservable";
                            /**
                             * Format: date-time
                             * @description When that began
                             */
                            since: string;
                            /** @description Such as http-403, or the code of an error; not-included: the settings leave it out; an open set */
                            reason: string;
                            /** @description When it was last read to its end; null: never */
                            lastGoodAt: string | null;
                        }[];
                        health: {
                            /** @enum {string} */
                            state: "ok" | "degraded";
                            reason?: string;
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            since?: string;
                            remedy?: string;
                        };
                        /** @description The last event that the answers include */
                        sequence: number;
                        /** @description Of that event */
                        time: string | null;
                        /** @description From which event on it is known who had which access; 0: from the first one */
                        knownFrom: number;
                        /** @description Since when; null: from the first event on */
                        knownSince: string | null;
                        /** @description Events were missing: the answers are of before the gap until it is mended */
                        rebuilding: boolean;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** @description Number of the last event that you have; 0: from the first one */
                after?: number;
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description Seconds to wait for an event when there is none yet */
                wait?: number;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            sequence: number;
                            /** @description Name of the event; of a type that this release does not know, the whole type */
                            name: string;
                            /** @description As the headers of the Kafka record */
                            headers: {
                                /**
                                 * @description Version of CloudEvents
                                 * @enum {string}
                                 */
                                ce_specversion: "1.0";
                                /** @description Unique within the source; the same when an event is repeated */
                                ce_id: string;
                                /** @description What happened, with its version */
                                ce_type: string;
                                /** @description `/tenants/<tenant>/connections/<connection>` */
                                ce_source: string;
                                /** @description Id of the entity that it is about */
                                ce_subject: string;
                                /**
                                 * Format: date-time
                                 * @description When Bitbucket was read
                                 */
                                ce_time: string;
                                /**
                                 * Format: date-time
                                 * @description When it was decided, where that is later than ce_time: a removal that was held
                                 */
                                ce_recordedtime?: string;
                                /** @description `$id` of the JSON Schema of the value */
                                ce_dataschema: string;
                                /** @description Number of the event within its connection, from 1 without a gap; padded, so that it sorts as text */
                                ce_sequence: string;
                                /** @description Id of the connection */
                                ce_partitionkey: string;
                                /** @description Id of the sync that it belongs to, or of what else was asked for */
                                ce_correlationid: string;
                                /** @description W3C trace context of the call that led to it */
                                ce_traceparent?: string;
                                /** @description Id of the tenant */
                                ce_tenantid: string;
                                /**
                                 * @description Of the value
                                 * @enum {string}
                                 */
                                "content-type": "application/json";
                            };
                            /** @description As the value of the Kafka record */
                            data: unknown;
                        }[];
                        /** @description Give it as `after` to get what follows */
                        next: number;
                        /** @description Number of the last event that there is */
                        last: number;
                        /** @description Whether more are there already */
                        more: boolean;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFeed: {
        parameters: {
            query?: {
                /** @description Beginning of the name, such as service-user-entitlement. */
                name?: string;
                serviceUserId?: string;
                resource?: string;
                syncId?: string;
                /** @description Whether it is about something that administers its resource */
                privileged?: "true" | "false";
                /** @description Only events before this number: `next` of the page before */
                before?: number;
                /** @description Only events after this number */
                after?: number;
                /** @description How many at most; 200 at most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            sequence: number;
                            /** @description Name of the event; of a type that this release does not know, the whole type */
                            name: string;
                            /** @description As the headers of the Kafka record */
                            headers: {
                                /**
                                 * @description Version of CloudEvents
                                 * @enum {string}
                                 */
                                ce_specversion: "1.0";
                                /** @description Unique within the source; the same when an event is repeated */
                                ce_id: string;
                                /** @description What happened, with its version */
                                ce_type: string;
                                /** @description `/tenants/<tenant>/connections/<connection>` */
                                ce_source: string;
                                /** @description Id of the entity that it is about */
                                ce_subject: string;
                                /**
                                 * Format: date-time
                                 * @description When Bitbucket was read
                                 */
                                ce_time: string;
                                /**
                                 * Format: date-time
                                 * @description When it was decided, where that is later than ce_time: a removal that was held
                                 */
                                ce_recordedtime?: string;
                                /** @description `$id` of the JSON Schema of the value */
                                ce_dataschema: string;
                                /** @description Number of the event within its connection, from 1 without a gap; padded, so that it sorts as text */
                                ce_sequence: string;
                                /** @description Id of the connection */
                                ce_partitionkey: string;
                                /** @description Id of the sync that it belongs to, or of what else was asked for */
                                ce_correlationid: string;
                                /** @description W3C trace context of the call that led to it */
                                ce_traceparent?: string;
                                /** @description Id of the tenant */
                                ce_tenantid: string;
                                /**
                                 * @description Of the value
                                 * @enum {string}
                                 */
                                "content-type": "application/json";
                            };
                            /** @description As the value of the Kafka record */
                            data: unknown;
                        }[];
                        /** @description Give it as `after` to get what follows */
                        next: number;
                        /** @description Number of the last event that there is */
                        last: number;
                        /** @description Whether more are there already */
                        more: boolean;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDifferences: {
        parameters: {
            query: {
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description The earlier time */
                from: string;
                /** @description The later one; left out: now */
                to?: string;
                serviceUserId?: string;
                resource?: string;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {string} */
                            kind: "grant" | "nesting";
                            /** @enum {string} */
                            change: "granted" | "revoked" | "changed";
                            /** @description Id of a service user, or of the membership of a group */
                            holder: string;
                            /** @description As it was last until then; null: not known, or erased */
                            holderName: string | null;
                            /** @description Id of the resource */
                            resource: string;
                            /** @description As it was last until then; null: not known */
                            resourceName: string | null;
                            /** @description null: nothing is held */
                            from: {
                                level: string;
                                entitlementId: string;
                                since: string | null;
                            } | null;
                            /** @description null: nothing is held */
                            to: {
                                level: string;
                                entitlementId: string;
                                since: string | null;
                            } | null;
                            /** @description When what was held at first ended */
                            endedAt: string | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                        sequence: number;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description Id of who did it */
                actorId?: string;
                /** @description What was done, such as connection.created */
                action?: string;
                /** @description From this time on */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Id of the record */
                            id: string;
                            /**
                             * Format: date-time
                             * @description When it was done
                             */
                            at: string;
                            /** @description Id of the tenant whose it is */
                            tenantId: string;
                            /** @description Who did it */
                            actor: {
                                /** @description api-key, token (of a person or service), operator, system or webhook; an open set */
                                kind: string;
                                /** @description Id of the key, or what the token says of its holder; no secret */
                                id: string;
                                /** @description What the key is called; null: it has no name */
                                name: string | null;
                            };
                            /** @description What was done, such as connection.created; an open set */
                            action: string;
                            /** @description To what it was done */
                            target: {
                                /** @description connection, sync, api-key, sign-in-link, tenant or webhook; an open set */
                                kind: string;
                                /** @description Its id */
                                id: string;
                            };
                            /** @description Id of the connection; null: it was done to none */
                            connectionId: string | null;
                            /** @description What changed, as it was before; null: there was nothing before */
                            before: {
                                [key: string]: unknown;
                            } | null;
                            /** @description What changed, as it is now; null: there is nothing any more */
                            after: {
                                [key: string]: unknown;
                            } | null;
                            /** @description Id of the call by which it was done; null: by none */
                            requestId: string | null;
                            /** @description Why, in the words of who did it; null: nothing was said */
                            reason: string | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConnectionAudit: {
        parameters: {
            query?: {
                /** @description How many at most; 200 at most */
                limit?: number;
                /** @description `next` of the page before; left out: the first page */
                cursor?: string;
                /** @description Id of who did it */
                actorId?: string;
                /** @description What was done, such as connection.created */
                action?: string;
                /** @description From this time on */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Id of the connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Id of the record */
                            id: string;
                            /**
                             * Format: date-time
                             * @description When it was done
                             */
                            at: string;
                            /** @description Id of the tenant whose it is */
                            tenantId: string;
                            /** @description Who did it */
                            actor: {
                                /** @description api-key, token (of a person or service), operator, system or webhook; an open set */
                                kind: string;
                                /** @description Id of the key, or what the token says of its holder; no secret */
                                id: string;
                                /** @description What the key is called; null: it has no name */
                                name: string | null;
                            };
                            /** @description What was done, such as connection.created; an open set */
                            action: string;
                            /** @description To what it was done */
                            target: {
                                /** @description connection, sync, api-key, sign-in-link, tenant or webhook; an open set */
                                kind: string;
                                /** @description Its id */
                                id: string;
                            };
                            /** @description Id of the connection; null: it was done to none */
                            connectionId: string | null;
                            /** @description What changed, as it was before; null: there was nothing before */
                            before: {
                                [key: string]: unknown;
                            } | null;
                            /** @description What changed, as it is now; null: there is nothing any more */
                            after: {
                                [key: string]: unknown;
                            } | null;
                            /** @description Id of the call by which it was done; null: by none */
                            requestId: string | null;
                            /** @description Why, in the words of who did it; null: nothing was said */
                            reason: string | null;
                        }[];
                        /** @description Give it as `cursor` to get the page after this one; null: this is the last one */
                        next: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whose everything is that the caller sees */
                        tenant: {
                            id: string;
                            name: string;
                        };
                        caller: {
                            /** @description api-key, or token (of a person or service); an open set */
                            kind: string;
                            /** @description By this the audit log names who did something; no secret */
                            id: string;
                            /** @description What the key is called; null: it has no name */
                            name: string | null;
                        };
                        /** @description What the caller may do */
                        scopes: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read" | "operator")[];
                        /** @description From then on the caller is refused; null: never */
                        expiresAt: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An API key of the tenant, or a token of the issuer */
                    key?: string;
                    /** @description What stands behind "#token=" in a sign-in link; it works once */
                    signInToken?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whose everything is that the caller sees */
                        tenant: {
                            id: string;
                            name: string;
                        };
                        caller: {
                            /** @description api-key, or token (of a person or service); an open set */
                            kind: string;
                            /** @description By this the audit log names who did something; no secret */
                            id: string;
                            /** @description What the key is called; null: it has no name */
                            name: string | null;
                        };
                        /** @description What the caller may do */
                        scopes: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read" | "operator")[];
                        /** @description From then on the caller is refused; null: never */
                        expiresAt: string | null;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Id of the key; no secret */
                            id: string;
                            name: string;
                            scopes: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read" | "operator")[];
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute; null: never used */
                            lastUsedAt: string | null;
                        }[];
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is for; two living keys may share a name, so that one can take the place of the other */
                    name: string;
                    /** @description What its holder may do; no more than its maker may */
                    scopes: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read")[];
                    /**
                     * @description From then on it is refused; null: never
                     * @default null
                     */
                    expiresAt?: string | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the key; no secret */
                        id: string;
                        name: string;
                        scopes: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read" | "operator")[];
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        createdAt: string;
                        expiresAt: string | null;
                        /** @description To the minute; null: never used */
                        lastUsedAt: string | null;
                        /** @description The key itself, shown this once: send it as "Authorization: Bearer <key>" */
                        key: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the key; no secret */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTenants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            name: string;
                            /** @enum {string} */
                            state: "active" | "suspended";
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            createdAt: string;
                        }[];
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @description Its name for people */
                    name: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        name: string;
                        /** @enum {string} */
                        state: "active" | "suspended";
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        createdAt: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        name: string;
                        /** @enum {string} */
                        state: "active" | "suspended";
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        createdAt: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    /**
                     * @description suspended: none of its callers is let in
                     * @enum {string}
                     */
                    state?: "active" | "suspended";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        name: string;
                        /** @enum {string} */
                        state: "active" | "suspended";
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        createdAt: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTenantApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Id of the key; no secret */
                            id: string;
                            name: string;
                            scopes: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read" | "operator")[];
                            /**
                             * Format: date-time
                             * @description ISO 8601 in UTC
                             */
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute; null: never used */
                            lastUsedAt: string | null;
                        }[];
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTenantApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is for; two living keys may share a name, so that one can take the place of the other */
                    name: string;
                    /** @description What its holder may do; no more than its maker may */
                    scopes: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read")[];
                    /**
                     * @description From then on it is refused; null: never
                     * @default null
                     */
                    expiresAt?: string | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the key; no secret */
                        id: string;
                        name: string;
                        scopes: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read" | "operator")[];
                        /**
                         * Format: date-time
                         * @description ISO 8601 in UTC
                         */
                        createdAt: string;
                        expiresAt: string | null;
                        /** @description To the minute; null: never used */
                        lastUsedAt: string | null;
                        /** @description The key itself, shown this once: send it as "Authorization: Bearer <key>" */
                        key: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeTenantApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                tenantId: string;
                /** @description Id of the key; no secret */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSignInLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice */
                "Idempotency-Key"?: string;
            };
            path: {
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Who it is for; what is done by it stands in the audit log under this name
                     * @default Sign-in link
                     */
                    name?: string;
                    /**
                     * @description What whoever opens it may do
                     * @default [
                     *       "connections:read",
                     *       "connections:write",
                     *       "syncs:write",
                     *       "removals:approve",
                     *       "access:read",
                     *       "audit:read"
                     *     ]
                     */
                    scopes?: ("connections:read" | "connections:write" | "syncs:write" | "removals:approve" | "access:read" | "audit:read")[];
                    /**
                     * @description For how long the link can be opened
                     * @default 15
                     */
                    expiresInMinutes?: number;
                    /**
                     * @description For how long whoever has opened it is let in
                     * @default 12
                     */
                    sessionHours?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where to sign in, shown this once. Whoever opens it first is let in, nobody after that */
                        url: string;
                        /**
                         * Format: date-time
                         * @description Until then it can be opened
                         */
                        expiresAt: string;
                    };
                };
            };
            /** @description A problem document (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
