using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Console.Apis;

namespace WpAsis.Console.Pages;

/// <summary>What is missing to go live, and what was used.</summary>
internal sealed class IndexModel(IdentityApi identity, GatewayApi gateway, ResponderApi responder, BillingApi billing) : PageModel
{
    public string TenantName { get; private set; } = "";
    public IReadOnlyList<Step> Steps { get; private set; } = [];
    public SubscriptionView? Subscription { get; private set; }
    public ValidationProblemDetails? Problem { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var account = identity.GetAccountAsync(cancellationToken);
        var channels = gateway.ListChannelsAsync(cancellationToken);
        var profile = responder.GetProfileAsync(cancellationToken);
        var subscription = billing.GetSubscriptionAsync(cancellationToken);
        await Task.WhenAll(account, channels, profile, subscription);

        var tenant = User.FindFirst("tenant_id")?.Value;
        var tenants = (await account).Value?.Tenants ?? [];
        TenantName = (tenants.FirstOrDefault(item => item.TenantId == tenant) ?? tenants.FirstOrDefault())?.Name ?? "WpAsis";
        Subscription = (await subscription).Value;
        Problem = (await account).Problem ?? (await channels).Problem ?? (await profile).Problem ?? (await subscription).Problem;

        var channel = (await channels).Value?.Items.FirstOrDefault(item =>
            item.State.Equals("connected", StringComparison.OrdinalIgnoreCase)
        );
        var facts = CountFacts((await profile).Value?.Facts);
        var active = Subscription is { State: "Active" or "Grace" };
        Steps =
        [
            new(
                1,
                channel is not null,
                "Overview.Number",
                channel is null ? "Overview.NumberHint" : "Overview.NumberDone",
                channel?.DisplayNumber ?? channel?.PhoneNumberId,
                null
            ),
            new(
                2,
                facts > 0,
                "Overview.Profile",
                facts > 0 ? "Overview.ProfileDone" : "Overview.ProfileHint",
                facts.ToString("N0", CultureInfo.CurrentCulture),
                "/assistant"
            ),
            new(3, active, "Overview.Plan", active ? "Overview.PlanDone" : "Overview.PlanHint", Subscription?.Plan, null),
        ];
    }

    private static int CountFacts(string? facts) =>
        facts?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length ?? 0;

    /// <summary>One line of the checklist.</summary>
    public sealed record Step(int Number, bool Done, string Title, string Text, string? Value, string? Link);
}
