using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Models;

/// <summary>What every call to the model endpoint goes through: it is recorded, its key is looked at, and it may meet a fault.</summary>
internal sealed class CallModel(RecordedRequests requests, Scripts scripts, FaultList faults, TimeProvider clock)
{
    /// <summary>A call with a JSON body.</summary>
    public async Task<IResult> RunAsync(HttpContext context, Func<JsonElement, Fault?, Task<IResult>> answer)
    {
        var bytes = await context.Request.ReadBytesAsync(context.RequestAborted);
        var body = JsonReading.TryParse(bytes);
        return await RunAsync(
            context,
            body,
            bytes.Length,
            Encoding.UTF8.GetString(bytes),
            fault =>
                body is { ValueKind: JsonValueKind.Object } found
                    ? answer(found, fault)
                    : Task.FromResult(ModelErrors.BadRequest("We could not parse the JSON body of your request."))
        );
    }

    /// <summary>A call whose body was read already.</summary>
    public async Task<IResult> RunAsync(
        HttpContext context,
        JsonElement? body,
        int bytes,
        string faultText,
        Func<Fault?, Task<IResult>> answer
    )
    {
        var record = requests.Record(context.Request, body, bytes);
        context.Response.OnCompleted(() =>
        {
            record.Status = record.AbortedByClient ? null : context.Response.StatusCode;
            return Task.CompletedTask;
        });
        await using var leaving = context.RequestAborted.Register(() => record.AbortedByClient = true);
        if (!HasKey(context.Request))
            return ModelErrors.Unauthorized();
        // Azure's addresses name a deployment and must name a version.
        if (context.Request.RouteValues.ContainsKey("deployment") && !context.Request.Query.ContainsKey("api-version"))
            return ModelErrors.NoSuchResource();
        var path = context.Request.Path.ToString();
        var answers = path.EndsWith("/completions", StringComparison.Ordinal) || path.EndsWith("/responses", StringComparison.Ordinal);
        var fault = faults.Take("openai", $"{path}\n{faultText}", answers: answers);
        if (await fault.BeforeAsync(context, clock))
            return Results.Empty;
        if (fault?.Kind == "status")
            return ModelErrors.Asked(context, fault);
        if (fault is { Kind: "content-filter", HttpStatus: 400 })
            return ModelErrors.FilteredInput();
        try
        {
            var result = await answer(fault);
            return await fault.AfterAsync(context, clock) ? Results.Empty : result;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            record.AbortedByClient = true;
            return Results.Empty;
        }
    }

    /// <summary>A scripted answer after its delay, else the rule-based one.</summary>
    public async Task<ModelAnswer> AnswerAsync(ModelCall call, Fault? fault, CancellationToken cancellationToken)
    {
        var script = scripts.Take("chat", call.Question);
        if (script is { DelayMs: > 0 })
            await Task.Delay(TimeSpan.FromMilliseconds(script.DelayMs), clock, cancellationToken);
        return ModelAnswer.Make(call, script, fault);
    }

    /// <summary>Writes one server-sent event; a name only where the API gives one.</summary>
    public static async Task WriteEventAsync(HttpContext context, string? name, JsonNode data)
    {
        var text = (name is null ? "" : $"event: {name}\n") + $"data: {data.ToJsonString()}\n\n";
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static bool HasKey(HttpRequest request)
    {
        var bearer = request.Headers.Authorization.ToString();
        return request.Headers["api-key"].ToString().Length > 0
            || (bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && bearer["Bearer ".Length..].Trim().Length > 0);
    }
}
