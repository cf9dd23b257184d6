using System.Globalization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WpAsis.Console.Apis;
using WpAsis.Console.Texts;

namespace WpAsis.Console.Pages;

/// <summary>What is missing to go live, who waits for a person, and what was used.</summary>
internal sealed class IndexModel(
    IdentityApi identity,
    GatewayApi gateway,
    ResponderApi responder,
    BillingApi billing,
    IStringLocalizer<ConsoleTexts> texts
) : PageModel
{
    public string TenantName { get; private set; } = "WpAsis";

    public IReadOnlyList<Step> Steps { get; private set; } = [];

    /// <summary>Conversations that wait for a person; absent when it is not known.</summary>
    public bool? SomebodyWaits { get; private set; }

    public SubscriptionView? Subscription { get; private set; }

    public ApiProblem? Problem { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var account = identity.GetAccountAsync(cancellationToken);
        var channels = gateway.ListChannelsAsync(cancellationToken);
        var waiting = gateway.ListThreadsAsync("&needsPerson=true", after: null, cancellationToken);
        var profile = responder.GetProfileAsync(cancellationToken);
        var subscription = billing.GetSubscriptionAsync(cancellationToken);
        await Task.WhenAll(account, channels, waiting, profile, subscription);

        TenantName = (await account).Value?.Business?.Name ?? TenantName;
        Subscription = (await subscription).Value;
        SomebodyWaits = (await waiting).Value is { } threads ? threads.Items.Count > 0 : null;
        Steps = [NumberStep(await channels), ProfileStep(await profile), PlanStep(await subscription)];
        ApiProblem?[] problems =
        [
            (await account).Problem,
            (await channels).Problem,
            (await profile).Missing ? null : (await profile).Problem,
            (await subscription).Problem,
        ];
        Problem = Array.Find(problems, problem => problem is not null);
    }

    private static Step NumberStep(ApiResult<Page<ChannelView>> channels)
    {
        if (channels.Value is not { } page)
            return new(1, null, "Overview.Number", "Overview.Unknown", null, "/numbers");
        if (page.Items.FirstOrDefault(item => item.State == "connected") is { } good)
            return new(1, true, "Overview.Number", "Overview.NumberDone", good.DisplayNumber ?? good.PhoneNumberId, "/numbers");
        var stopped = page.Items.FirstOrDefault(item => item.Connected);
        return stopped is null
            ? new(1, false, "Overview.Number", "Overview.NumberHint", null, "/numbers")
            : new(1, false, "Overview.Number", "Overview.Attention", stopped.DisplayNumber ?? stopped.PhoneNumberId, "/numbers");
    }

    private static Step ProfileStep(ApiResult<ProfileView> profile)
    {
        if (profile is { Value: null, Missing: false })
            return new(2, null, "Overview.Profile", "Overview.Unknown", null, "/assistant");
        var facts = profile.Value?.Facts.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length ?? 0;
        return facts == 0
            ? new(2, false, "Overview.Profile", "Overview.ProfileHint", null, "/assistant")
            : new(2, true, "Overview.Profile", "Overview.ProfileDone", facts.ToString("N0", CultureInfo.CurrentCulture), "/assistant");
    }

    private Step PlanStep(ApiResult<SubscriptionView> subscription)
    {
        if (subscription.Value is not { } plan)
            return new(3, null, "Overview.Plan", "Overview.Unknown", null, "/plan");
        return plan.Answers
            ? new(3, true, "Overview.Plan", "Overview.PlanDone", texts.Known("Plan.Name." + plan.Plan, plan.Plan), "/plan")
            : new(3, false, "Overview.Plan", "Overview.PlanHint", null, "/plan");
    }

    /// <summary>One line of the checklist; nobody knows whether it is done while its service is away.</summary>
    public sealed record Step(int Number, bool? Done, string Title, string Text, string? Value, string Link);
}
