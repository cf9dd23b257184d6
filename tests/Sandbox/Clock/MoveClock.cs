using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WpAsis.Sandbox.Hosting;
using WpAsis.Sandbox.Stripe;

namespace WpAsis.Sandbox.Clock;

/// <summary>Moves the clock of the sandbox and of every process that run.json names; answers when all of them have moved.</summary>
internal sealed partial class MoveClock(SandboxTime clock, RunFile runFile, BillCycles stripe, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly HttpClient _http = new(StrongTls.Handler()) { Timeout = Limit };
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public async Task<IResult> HandleAsync(MoveClockRequest request, CancellationToken cancellationToken)
    {
        var advance = TryParse(request.Advance);
        var absolute = TryParse(request.Offset);
        if ((advance is null) == (absolute is null))
            return Results.Problem("Say either advance or offset, as \"25:00:00\" or \"1.01:00:00\".", statusCode: 400);
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            clock.MoveTo(absolute ?? clock.Offset + advance!.Value);
            var offset = clock.Offset.ToString("c", CultureInfo.InvariantCulture);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            var processes = await Task.WhenAll(
                runFile.Processes().Select(process => TellAsync(process.Name, process.Management, offset, limit.Token))
            );
            await stripe.CatchUpAsync(limit.Token);
            var answer = new
            {
                offset,
                now = clock.GetUtcNow(),
                processes,
            };
            return Results.Json(answer, statusCode: processes.All(process => process.Status == 200) ? 200 : 502);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task<MovedProcess> TellAsync(string name, string management, string offset, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            using var content = new StringContent(JsonSerializer.Serialize(new { offset }), Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri(management.TrimEnd('/') + "/_clock"), content, cancellationToken);
            return new MovedProcess(name, management, (int)response.StatusCode, (int)time.GetElapsedTime(started).TotalMilliseconds, null);
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            return new MovedProcess(name, management, 0, (int)time.GetElapsedTime(started).TotalMilliseconds, problem.Message);
        }
    }

    // TimeSpan.Parse reads "25:00:00" as 25 days.
    private static TimeSpan? TryParse(string? text)
    {
        var match = Span().Match(text ?? "");
        if (!match.Success)
            return null;
        long Part(string name) => match.Groups[name].Success ? long.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var seconds = (((Part("d") * 24) + Part("h")) * 3600) + (Part("m") * 60) + Part("s");
        return TimeSpan.FromSeconds(match.Groups["sign"].Length > 0 ? -seconds : seconds);
    }

    [GeneratedRegex(@"^(?<sign>-)?((?<d>\d{1,5})\.)?(?<h>\d{1,6}):(?<m>\d{2}):(?<s>\d{2})(\.0+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Span();
}

/// <summary>One of both: a step, or the whole offset.</summary>
internal sealed record MoveClockRequest(string? Advance, string? Offset);

/// <summary>What a process answered; status 0 means that it could not be reached.</summary>
internal sealed record MovedProcess(string Name, string Management, int Status, int Milliseconds, string? Problem);
