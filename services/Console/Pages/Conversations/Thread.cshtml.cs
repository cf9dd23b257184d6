using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Console.Apis;
using WpAsis.Privacy.Ids;

namespace WpAsis.Console.Pages.Conversations;

/// <summary>
/// One thread: who wrote when and how far it came. What was said is opened on request only, while it can be, and the opening is
/// written down. A person takes over, answers and gives it back here.
/// </summary>
internal sealed class ThreadModel(GatewayApi gateway, ResponderApi responder) : PageModel
{
    public ThreadView? Thread { get; private set; }

    public IReadOnlyList<Entry> Entries { get; private set; } = [];

    public string? Older { get; private set; }

    public bool IsNewestPage { get; private set; } = true;

    /// <summary>What was said is shown.</summary>
    public bool Opened { get; private set; }

    /// <summary>Name of the sentence that says what was just done.</summary>
    public string? Done { get; private set; }

    public ApiProblem? Problem { get; private set; }

    /// <summary>Why an answer was not taken.</summary>
    public ApiProblem? AnswerProblem { get; private set; }

    /// <summary>An answer that was not taken stays in its box.</summary>
    public string? Draft { get; private set; }

    /// <summary>The same for every repetition of one answer.</summary>
    public Guid AnswerKey { get; private set; } = TypedId.RandomGuid();

    public async Task<IActionResult> OnGetAsync(string id, string? before, string? done, CancellationToken cancellationToken)
    {
        Done = done is "taken-over" or "may-arrive" or "released" or "sent" ? done : null;
        return await ShowAsync(id, before, open: false, cancellationToken);
    }

    public Task<IActionResult> OnPostOpenAsync(string id, string? before, CancellationToken cancellationToken) =>
        ShowAsync(id, before, open: true, cancellationToken);

    public async Task<IActionResult> OnPostTakeOverAsync(string id, bool opened, CancellationToken cancellationToken)
    {
        var taken = await gateway.TakeOverAsync(id, cancellationToken);
        if (taken.Value is { } mode)
            Done = mode.MayStillArrive ? "may-arrive" : "taken-over";
        return await DoneAsync(id, taken.Problem, opened, cancellationToken);
    }

    public async Task<IActionResult> OnPostReleaseAsync(string id, bool opened, CancellationToken cancellationToken)
    {
        var released = await gateway.ReleaseAsync(id, cancellationToken);
        Done = released.Ok ? "released" : null;
        return await DoneAsync(id, released.Problem, opened, cancellationToken);
    }

    public async Task<IActionResult> OnPostAnswerAsync(string id, string? text, Guid key, bool opened, CancellationToken cancellationToken)
    {
        var answer = new AnswerInput((text ?? "").ReplaceLineEndings("\n").Trim(), key);
        var taken =
            answer.Text.Length == 0
                ? new ApiResult<Nothing>(null, ApiProblem.Of(StatusCodes.Status400BadRequest, "answer-empty"))
                : await gateway.AnswerAsync(id, answer, cancellationToken);
        if (taken.Ok)
        {
            Done = "sent";
            return await DoneAsync(id, problem: null, opened, cancellationToken);
        }
        (AnswerProblem, Draft, AnswerKey) = (taken.Problem, text, key);
        return await ShowAsync(id, before: null, opened, cancellationToken);
    }

    // With the words on the screen the page is shown again, opened; else the browser is sent back, so that a reload repeats nothing.
    private async Task<IActionResult> DoneAsync(string id, ApiProblem? problem, bool opened, CancellationToken cancellationToken)
    {
        if (!opened && problem is null)
            return RedirectToPage(null, null, new { id, done = Done }, "newest");
        var page = await ShowAsync(id, before: null, opened, cancellationToken);
        Problem ??= problem;
        return page;
    }

    private async Task<IActionResult> ShowAsync(string id, string? before, bool open, CancellationToken cancellationToken)
    {
        var thread = gateway.GetThreadAsync(id, cancellationToken);
        var messages = gateway.ListMessagesAsync(id, before, cancellationToken);
        var content = open ? responder.OpenContentAsync(id, cancellationToken) : null;
        var found = await thread;
        var page = await messages;
        var opened = content is null ? null : await content;
        if (found.Missing || found.Problem is { Status: StatusCodes.Status400BadRequest })
            return NotFound();

        Response.Headers.CacheControl = "no-store";
        (Thread, Older, IsNewestPage) = (found.Value, page.Value?.Next, before is null);
        Problem = found.Problem ?? page.Problem ?? opened?.Problem;
        Opened = opened?.Value is not null;
        Entries = Entry.Of(page.Value?.Items ?? [], opened?.Value);
        return Page();
    }
}
