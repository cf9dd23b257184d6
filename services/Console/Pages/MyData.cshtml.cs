using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Console.Apis;

namespace WpAsis.Console.Pages;

/// <summary>A person's own data: a copy of it, a correction, the end of it, and how far each request has come.</summary>
internal sealed class MyDataModel(RightsApi rights, IdentityApi identity) : PageModel
{
    private const string LookAgain = "3";

    public IReadOnlyList<RequestView> Requests { get; private set; } = [];

    public string? Older { get; private set; }

    public AccountView? Account { get; private set; }

    /// <summary>The person is asked whether they mean it.</summary>
    public bool AsksErasure { get; private set; }

    /// <summary>The account is the last owner of a business, which would be closed with it.</summary>
    public bool IsLastOwner { get; private set; }

    /// <summary>Name of the sentence about what was just done.</summary>
    public string? Done { get; private set; }

    public ApiProblem? Problem { get; private set; }

    public async Task OnGetAsync(string? done, bool erase, string? after, CancellationToken cancellationToken)
    {
        Done = done is "Access" or "Rectification" or "Erasure" or "cancelled" ? done : null;
        AsksErasure = erase;
        await ShowAsync(after, cancellationToken);
        // Only for who has just asked: a page that loads itself anew takes away what somebody is typing.
        if (Done is not null && Requests.Any(request => request.UnderWay))
            Response.Headers["Refresh"] = LookAgain;
    }

    public Task<IActionResult> OnPostCopyAsync(CancellationToken cancellationToken) => SubmitAsync(new("Access"), cancellationToken);

    public Task<IActionResult> OnPostNameAsync(string? name, CancellationToken cancellationToken) =>
        SubmitAsync(new("Rectification", Name: name?.Trim()), cancellationToken);

    public Task<IActionResult> OnPostEraseAsync(bool closeBusinesses, CancellationToken cancellationToken) =>
        SubmitAsync(new("Erasure", CloseBusinesses: closeBusinesses), cancellationToken);

    public async Task<IActionResult> OnPostCancelAsync(string id, CancellationToken cancellationToken) =>
        await DoneAsync("cancelled", (await rights.CancelAsync(id, cancellationToken)).Problem, cancellationToken);

    public async Task<IActionResult> OnGetArchiveAsync(string id, CancellationToken cancellationToken)
    {
        var archive = await rights.DownloadAsync(id, cancellationToken);
        if (archive.Value is { } file)
        {
            Response.RegisterForDispose(file);
            Response.Headers.CacheControl = "no-store";
            var name = file.Content.Headers.ContentDisposition?.FileName?.Trim('"') ?? "wpasis-data.zip";
            return File(await file.Content.ReadAsStreamAsync(cancellationToken), "application/zip", name);
        }
        if (archive.Problem is { Kind: "sign-in-again" })
            return Redirect("/sign-in?again=true&returnUrl=/my-data");
        await ShowAsync(after: null, cancellationToken);
        Problem = archive.Problem;
        return Page();
    }

    private async Task<IActionResult> SubmitAsync(RequestInput request, CancellationToken cancellationToken)
    {
        var submitted = await rights.SubmitAsync(request, cancellationToken);
        IsLastOwner = submitted.Problem?.Kind == "last-owner";
        AsksErasure = request.Kind == "Erasure";
        return await DoneAsync(request.Kind, submitted.Problem, cancellationToken);
    }

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
        var requests = rights.ListAsync(after, cancellationToken);
        var account = identity.GetAccountAsync(cancellationToken);
        (Requests, Older) = ((await requests).Value?.Items ?? [], (await requests).Value?.Next);
        Account = (await account).Value;
        Problem = (await requests).Problem ?? (await account).Problem;
    }
}
