using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Contracts.Identity;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Tenants;

/// <summary>A customer is known from now on, with the default window.</summary>
internal sealed class RegisterTenantConsumer(WorkDb<ResponderDbContext> work, TimeProvider clock) : IConsumer<TenantRegistered>
{
    public async Task Consume(ConsumeContext<TenantRegistered> context)
    {
        var (tenant, at) = (context.Message.TenantId, context.Message.At.ToUniversalTime());
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(
            db,
            tenant,
            clock,
            (inner, token) =>
                inner.Database.ExecuteSqlAsync(
                    $"""
                    insert into tenant_route (tenant_id, registered_at, "window") values ({tenant.Value}, {at}, 'Hours24')
                    on conflict (tenant_id) do update set registered_at = excluded.registered_at
                    """,
                    token
                )
        );
    }
}

/// <summary>A customer left. Billing denies what is still asked; the route stays for the sweepers.</summary>
internal sealed class CloseTenantConsumer(WorkDb<ResponderDbContext> work, TimeProvider clock) : IConsumer<TenantClosed>
{
    public async Task Consume(ConsumeContext<TenantClosed> context)
    {
        var (tenant, at) = (context.Message.TenantId, context.Message.At.ToUniversalTime());
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(
            db,
            tenant,
            clock,
            (inner, token) =>
                inner.Database.ExecuteSqlAsync(
                    $"""
                    insert into tenant_route (tenant_id, closed_at, "window") values ({tenant.Value}, {at}, 'Hours24')
                    on conflict (tenant_id) do update set closed_at = excluded.closed_at
                    """,
                    token
                )
        );
    }
}
