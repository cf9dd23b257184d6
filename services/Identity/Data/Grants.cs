using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Identity.Data;

/// <summary>What each role may do in the first migration's tables: as little as the code needs.</summary>
internal static class Grants
{
    public static void GrantIdentity(this MigrationBuilder migration)
    {
        var roles = new ServiceRoles("identity");
        migration.IsolateTenants("tenant");
        migration.IsolateTenants("membership");
        migration.Sql(
            $"""
            grant select, insert on account to {roles.App};
            grant update (name, email, email_index, phone, phone_index, postal_address, password_hash, security_stamp, language,
                profile_version) on account to {roles.App};
            grant select on account to {roles.Work};
            grant select, insert, delete on sign_up to {roles.App};
            -- update: the purge locks the rows it is about to delete.
            grant select, update, delete on sign_up to {roles.Work};
            grant select, insert on tenant, membership, membership_route to {roles.App};
            grant select, insert on session to {roles.App};
            grant update (tenant_id, last_seen_at, ended_at) on session to {roles.App};
            grant select, delete on session to {roles.Work};
            grant select, insert, update on attempt_bucket to {roles.App};
            grant select, delete on attempt_bucket to {roles.Work};
            grant select, insert on notice to {roles.App};
            grant select, update, delete on notice to {roles.Work};
            grant select, insert, update, delete on openiddict_application, openiddict_authorization, openiddict_token to {roles.App};
            grant select on openiddict_scope to {roles.App};
            grant select, delete on openiddict_authorization, openiddict_token to {roles.Work};

            -- EF reads back the number that the outbox gives a row.
            grant select (id) on outbox to {roles.App};

            create function notify_notice() returns trigger language plpgsql as $$
            begin
                perform pg_notify('notice', '');
                return null;
            end $$;
            create trigger notice_written after insert on notice for each statement execute function notify_notice();
            """
        );
    }
}
