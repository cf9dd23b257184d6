using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Console.Apis;

namespace WpAsis.Console.Pages;

/// <summary>Messages by their metadata; what was said is not here.</summary>
internal sealed class MessagesModel(GatewayApi gateway) : PageModel
{
    public IReadOnlyList<MessageView> Items { get; private set; } = [];
    public string? Next { get; private set; }
    public ValidationProblemDetails? Problem { get; private set; }

    public async Task OnGetAsync(string? after, CancellationToken cancellationToken)
    {
        var page = await gateway.ListMessagesAsync(after, cancellationToken);
        (Items, Next, Problem) = (page.Value?.Items ?? [], page.Value?.Next, page.Problem);
    }
}
