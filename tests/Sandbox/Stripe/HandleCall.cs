using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Stripe;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>What a route does.</summary>
internal delegate JsonNode StripeHandler(StripeCall call);

/// <summary>How every call goes: key → version → fault → known idempotency key → parameters → the work → expansion → answer.</summary>
internal sealed class HandleCall(StripeAccount account, StripeSettings settings, IdempotencyKeys keys, FaultList faults, StripeTime clock)
{
    private const int LongestRecord = 8_000;

    /// <summary>What was called, for tests.</summary>
    public BoundedLog<object> Calls { get; } = new(20_000);

    public async Task RunAsync(HttpContext context, Type options, IReadOnlyCollection<string> played, StripeHandler handler)
    {
        var request = context.Request;
        var body = request.Method == "GET" ? request.QueryString.Value?.TrimStart('?') ?? "" : await ReadAsync(context);
        var key = request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } given ? given : null;
        var requestId = "req_" + RandomIds.Alphanumeric(14);
        var fault = faults.Take("stripe", $"{request.Method} {request.Path} {body}");
        if (await fault.BeforeAsync(context, clock))
        {
            Record(request, body, key, 0, replayed: false);
            return;
        }
        // One at a time under a key: who comes while the first is under way is told so.
        var begins = keys.TryBegin(key);
        var (status, answer, replayed) = begins
            ? Answer(context, body, key, requestId, fault, options, played, handler)
            : (409, System.Text.Json.JsonSerializer.Serialize(StripeRefusal.KeyInUse().Body(requestId)), false);
        Record(request, body, key, status, replayed);
        if (begins)
            keys.End(key);
        if (await fault.AfterAsync(context, clock))
            return;
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers["Request-Id"] = requestId;
        context.Response.Headers["Stripe-Version"] = StripeConfiguration.ApiVersion;
        if (key is not null)
            context.Response.Headers["Idempotency-Key"] = key;
        if (replayed)
            context.Response.Headers["Idempotent-Replayed"] = "true";
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }

    private (int Status, string Body, bool Replayed) Answer(
        HttpContext context,
        string body,
        string? key,
        string requestId,
        Fault? fault,
        Type options,
        IReadOnlyCollection<string> played,
        StripeHandler handler
    )
    {
        var request = context.Request;
        var remembers = request.Method == "POST" ? key : null;
        lock (account.Lock)
        {
            try
            {
                RequireAccess(request);
                if (keys.Find(remembers, request.Path, body) is { } known)
                    return (known.Status, known.Body, true);
                if (fault?.Kind == "status")
                    throw StripeRefusal.OfStatus(fault.HttpStatus ?? 500);
                var form = FormNode.Parse(QueryHelpers.ParseQuery(body).SelectMany(Pairs));
                CheckParameters.Run(form, options, played);
                var id = request.RouteValues["id"] as string ?? "";
                var call = new StripeCall(form, id, requestId, remembers);
                var answer = ExpandAnswer.Run(handler(call), call.Expand, account).ToJsonString();
                keys.Keep(remembers, request.Path, body, 200, answer);
                return (200, answer, false);
            }
            catch (StripeRefusal refusal)
            {
                var answer = System.Text.Json.JsonSerializer.Serialize(refusal.Body(requestId));
                // Stripe keeps what an executed call answered, a 500 too; what was refused at the door is not kept.
                if (refusal.Status is 402 or >= 500)
                    keys.Keep(remembers, request.Path, body, refusal.Status, answer);
                return (refusal.Status, answer, false);
            }
        }
    }

    private void RequireAccess(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString() != $"Bearer {settings.Key}")
            throw StripeRefusal.BadKey();
        if (request.Headers["Stripe-Version"].ToString() is { Length: > 0 } version && version != StripeConfiguration.ApiVersion)
            throw StripeRefusal.OtherVersion(version);
    }

    private void Record(HttpRequest request, string body, string? key, int status, bool replayed) =>
        Calls.Add(index => new
        {
            index,
            method = request.Method,
            path = request.Path.Value,
            body = body[..Math.Min(body.Length, LongestRecord)],
            headers = request
                .Headers.Where(header => header.Key != "Authorization")
                .ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.Ordinal),
            idempotencyKey = key,
            status,
            replayed,
            at = clock.GetUtcNow(),
        });

    private static IEnumerable<KeyValuePair<string, string>> Pairs(
        KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues> field
    ) => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? ""));

    private static async Task<string> ReadAsync(HttpContext context) =>
        Encoding.UTF8.GetString(await context.Request.ReadBytesAsync(context.RequestAborted));
}
