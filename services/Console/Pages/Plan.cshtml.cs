using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Console.Apis;

namespace WpAsis.Console.Pages;

/// <summary>What was used, what is paid for, and the way to the page of Stripe where a person pays.</summary>
internal sealed class PlanModel(BillingApi billing) : PageModel
{
    private const string LookAgain = "2";

    public SubscriptionView? Subscription { get; private set; }

    public IReadOnlyList<PlanView> Plans { get; private set; } = [];

    public UsageView? Usage { get; private set; }

    /// <summary>Absent where the role does not see them.</summary>
    public Page<InvoiceView>? Invoices { get; private set; }

    public bool InvoicesAway { get; private set; }

    /// <summary>Name of the sentence about what was just done.</summary>
    public string? Done { get; private set; }

    /// <summary>Stripe has the money and we have not heard of it yet: nobody is asked to pay again.</summary>
    public bool JustPaid => Done == "checkout-paid";

    /// <summary>Where the browser goes next.</summary>
    public Uri? PayAt { get; private set; }

    public ApiProblem? Problem { get; private set; }

    public async Task OnGetAsync(string? checkout, string? done, string? after, CancellationToken cancellationToken)
    {
        await ShowAsync(after, cancellationToken);
        Done = checkout switch
        {
            "paid" when Subscription?.IsPaid == true => "checkout-active",
            "paid" or "cancelled" => "checkout-" + checkout,
            _ => done is "cancelled" or "resumed" ? done : null,
        };
        // Stripe tells us within seconds: until then the page looks again by itself.
        if (JustPaid)
            Response.Headers["Refresh"] = LookAgain;
    }

    public async Task<IActionResult> OnPostPayAsync(string plan, CancellationToken cancellationToken)
    {
        var back = $"{Request.Scheme}://{Request.Host}/plan";
        var begun = await billing.CheckoutAsync(new(plan, back), cancellationToken);
        if (begun.Value is { } checkout && Uri.TryCreate(checkout.Url, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps)
        {
            // A form may lead nowhere but home (form-action): the page that it leads to sends the browser on.
            Response.Headers["Refresh"] = $"0; url={url.AbsoluteUri}";
            PayAt = url;
            return Page();
        }
        await ShowAsync(after: null, cancellationToken);
        Problem = begun.Problem ?? ApiProblem.Of(StatusCodes.Status502BadGateway);
        return Page();
    }

    public async Task<IActionResult> OnPostCancelAsync(CancellationToken cancellationToken) =>
        await DoneAsync("cancelled", (await billing.CancelAsync(cancellationToken)).Problem, cancellationToken);

    public async Task<IActionResult> OnPostResumeAsync(CancellationToken cancellationToken) =>
        await DoneAsync("resumed", (await billing.ResumeAsync(cancellationToken)).Problem, cancellationToken);

    private async Task<IActionResult> DoneAsync(string done, ApiProblem? problem, CancellationToken cancellationToken)
    {
        if (problem is null)
            return RedirectToPage(new { done });
        await ShowAsync(after: null, cancellationToken);
        Problem = problem;
        return Page();
    }

    private async Task ShowAsync(string? after, CancellationToken cancellationToken)
    {
        var subscription = billing.GetSubscriptionAsync(cancellationToken);
        var plans = billing.ListPlansAsync(cancellationToken);
        var usage = billing.GetUsageAsync(cancellationToken);
        var invoices = User.MayPay() ? billing.ListInvoicesAsync(after, cancellationToken) : null;
        (Subscription, Plans, Usage) = ((await subscription).Value, (await plans).Value?.Items ?? [], (await usage).Value);
        if (invoices is not null)
            (Invoices, InvoicesAway) = ((await invoices).Value, !(await invoices).Ok);
        Problem = (await subscription).Problem ?? (await plans).Problem ?? (await usage).Problem;
    }
}
