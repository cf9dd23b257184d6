using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Console.Apis;

namespace WpAsis.Console.Pages.Conversations;

/// <summary>Who wrote, and who answers: threads by their metadata, the latest message first.</summary>
internal sealed class ListModel(GatewayApi gateway) : PageModel
{
    /// <summary>The filters of the page and what they ask of the gateway.</summary>
    private static readonly Dictionary<string, string> Filters = new(StringComparer.Ordinal)
    {
        ["all"] = "",
        ["needs-person"] = "&needsPerson=true",
        ["person"] = "&mode=Human",
        ["open"] = "&open=true",
    };

    public static IEnumerable<string> FilterNames => Filters.Keys;

    public string Filter { get; private set; } = "all";

    public IReadOnlyList<ThreadView> Threads { get; private set; } = [];

    public string? Next { get; private set; }

    public bool IsFirstPage { get; private set; }

    public ApiProblem? Problem { get; private set; }

    public async Task OnGetAsync(string? show, string? after, CancellationToken cancellationToken)
    {
        Filter = show is not null && Filters.ContainsKey(show) ? show : "all";
        IsFirstPage = after is null;
        var page = await gateway.ListThreadsAsync(Filters[Filter], after, cancellationToken);
        (Threads, Next, Problem) = (page.Value?.Items ?? [], page.Value?.Next, page.Problem);
    }
}
