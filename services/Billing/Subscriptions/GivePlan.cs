using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.Billing.Data;
using WpAsis.Billing.Ledger;
using WpAsis.Billing.Plans;
using WpAsis.Billing.Tenants;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Management;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Subscriptions;

/// <summary>An operator gives a customer a plan from now on. Why stands in the ledger for three years, so it names no person.</summary>
internal static partial class GivePlanEndpoint
{
    private const int LongestReason = 200;

    public static void MapGivePlan(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/operations/tenants/{tenantId}/plan", HandleAsync).ManagementOnly().RequireAuthorization(Policies.Operator);

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult, ValidationProblem>> HandleAsync(
        TenantId tenantId,
        GivePlanRequest request,
        WorkDb<BillingDbContext> work,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (Plan.Find(request.Plan) is not { Renews: true } plan)
            return Problems.Invalid("plan", "No plan of this name can be given.");
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > LongestReason)
            return Problems.Invalid("reason", $"Say why, in at most {LongestReason} characters.");
        if (LooksPersonal().IsMatch(request.Reason))
            return Problems.Invalid("reason", "The ledger names no person: no e-mail address and no phone number.");

        await using var db = work.CreateContext();
        var answer = await db.InTenantAsync(
            tenantId,
            (inner, token) => GiveAsync(inner, tenantId, plan, request.Reason, clock, token),
            cancellationToken
        );
        return answer.State switch
        {
            null => Problems.Of(StatusCodes.Status404NotFound, "no-subscription", "This customer has no subscription."),
            _ when answer.Paid => Problems.Of(StatusCodes.Status409Conflict, "already-subscribed", "This customer pays for a plan."),
            SubscriptionState.Closed => Problems.Of(StatusCodes.Status409Conflict, "tenant-closed", "This customer has left."),
            _ => TypedResults.Ok((await SubscriptionView.FindAsync(db, tenantId, mayPay: false, clock, cancellationToken))!),
        };
    }

    private static async Task<(SubscriptionState? State, bool Paid)> GiveAsync(
        BillingDbContext db,
        TenantId tenant,
        Plan plan,
        string reason,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var subscription = await db.HoldSubscriptionAsync(cancellationToken);
        // Given twice it is given once: the period does not begin again.
        if (subscription is null or { State: SubscriptionState.Closed } or { IsPaid: true } || HasAlready(subscription, plan))
            return (subscription?.State, subscription?.IsPaid is true);

        subscription.Give(plan, clock.GetUtcNow());
        db.OpenPeriod(subscription, LedgerKind.PlanGiven, clock, reason);
        db.Announce(subscription, clock);
        await db.SaveChangesAsync(cancellationToken);
        await db.ScheduleAsync(tenant, TenantTask.RollOver, subscription.PeriodEnd, cancellationToken);
        return (subscription.State, false);
    }

    private static bool HasAlready(Subscription subscription, Plan plan) =>
        subscription.State is SubscriptionState.Active && subscription.Plan == plan.Id;

    [GeneratedRegex(@"@|(?:\d[\s().\-/]*){7,}", RegexOptions.NonBacktracking)]
    private static partial Regex LooksPersonal();
}

internal sealed record GivePlanRequest(string Plan, string Reason);
