using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WpAsis.Console.Apis;
using WpAsis.Console.Texts;

namespace WpAsis.Console.Pages;

/// <summary>The business numbers: connect one, see how they stand, take one away. A token is typed once and never shown again.</summary>
internal sealed class NumbersModel(GatewayApi gateway, IStringLocalizer<ConsoleTexts> texts) : PageModel
{
    public IReadOnlyList<ChannelView> Channels { get; private set; } = [];

    public string? PhoneNumberId { get; private set; }

    public string? WabaId { get; private set; }

    /// <summary>The number that was just connected or disconnected.</summary>
    public ChannelView? Changed { get; private set; }

    /// <summary>The number that a person is asked about before it is disconnected.</summary>
    public ChannelView? Leaving { get; private set; }

    public ApiProblem? Problem { get; private set; }

    /// <summary>Why Meta, or we, did not take the number.</summary>
    public ApiProblem? Refusal { get; private set; }

    public async Task OnGetAsync(string? changed, string? leave, CancellationToken cancellationToken)
    {
        await ShowAsync(cancellationToken);
        Changed = Channels.FirstOrDefault(channel => channel.Id == changed);
        Leaving = Channels.FirstOrDefault(channel => channel.Id == leave && channel.Connected);
    }

    public async Task<IActionResult> OnPostConnectAsync(
        string? phoneNumberId,
        string? wabaId,
        string? accessToken,
        CancellationToken cancellationToken
    )
    {
        var input = new ChannelInput(phoneNumberId?.Trim() ?? "", wabaId?.Trim() ?? "", accessToken?.Trim() ?? "");
        var connected = await gateway.ConnectAsync(input, cancellationToken);
        if (connected.Value is { } channel)
            return RedirectToPage(new { changed = channel.Id });

        (PhoneNumberId, WabaId, Refusal) = (input.PhoneNumberId, input.WabaId, connected.Problem);
        // The token must not come back in the page, not even to the person who typed it.
        ModelState.Clear();
        ModelState.AddErrors(connected.Problem, texts, "Numbers");
        await ShowAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostDisconnectAsync(string id, CancellationToken cancellationToken)
    {
        var gone = await gateway.DisconnectAsync(id, cancellationToken);
        if (gone.Ok)
            return RedirectToPage(new { changed = id });
        await ShowAsync(cancellationToken);
        Problem = gone.Problem;
        return Page();
    }

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        var channels = await gateway.ListChannelsAsync(cancellationToken);
        (Channels, Problem) = (channels.Value?.Items ?? [], channels.Problem);
    }
}
