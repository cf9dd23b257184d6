using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Models;

/// <summary><c>POST chat/completions</c>, at once or as a stream.</summary>
internal sealed class CompleteChat(CallModel calls, TimeProvider clock)
{
    public Task<IResult> HandleAsync(HttpContext context) => calls.RunAsync(context, (body, fault) => AnswerAsync(context, body, fault));

    private async Task<IResult> AnswerAsync(HttpContext context, JsonElement body, Fault? fault)
    {
        if (body.Get("messages") is not { ValueKind: JsonValueKind.Array })
            return ModelErrors.BadRequest("Missing required parameter: 'messages'.");
        var call = ModelCall.FromChat(body);
        var answer = await calls.AnswerAsync(call, fault, context.RequestAborted);
        var id = "chatcmpl-" + RandomIds.Alphanumeric(29);
        if (call.Streams)
        {
            await StreamAsync(context, id, call, answer, body.Get("stream_options")?.Flag("include_usage") == true);
            return Results.Empty;
        }
        var completion = Envelope(id, "chat.completion", call);
        completion["choices"] = new JsonArray(
            new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject
                {
                    ["role"] = "assistant",
                    ["content"] = answer.Refusal is null ? answer.Text : null,
                    ["refusal"] = answer.Refusal,
                    ["annotations"] = new JsonArray(),
                },
                ["logprobs"] = null,
                ["finish_reason"] = answer.Finish,
            }
        );
        completion["usage"] = Usage(call, answer);
        return Results.Text(completion.ToJsonString(), "application/json");
    }

    private async Task StreamAsync(HttpContext context, string id, ModelCall call, ModelAnswer answer, bool withUsage)
    {
        await ChunkAsync(context, id, call, new JsonObject { ["role"] = "assistant", ["content"] = "" }, null);
        if (answer.Refusal is not null)
            await ChunkAsync(context, id, call, new JsonObject { ["refusal"] = answer.Refusal }, null);
        foreach (var piece in answer.Pieces())
            await ChunkAsync(context, id, call, new JsonObject { ["content"] = piece }, null);
        await ChunkAsync(context, id, call, [], answer.Finish);
        if (withUsage)
        {
            var last = Envelope(id, "chat.completion.chunk", call);
            last["choices"] = new JsonArray();
            last["usage"] = Usage(call, answer);
            await CallModel.WriteEventAsync(context, null, last);
        }
        await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes("data: [DONE]\n\n"), context.RequestAborted);
    }

    private async Task ChunkAsync(HttpContext context, string id, ModelCall call, JsonObject delta, string? finish)
    {
        var chunk = Envelope(id, "chat.completion.chunk", call);
        chunk["choices"] = new JsonArray(
            new JsonObject
            {
                ["index"] = 0,
                ["delta"] = delta,
                ["logprobs"] = null,
                ["finish_reason"] = finish,
            }
        );
        await CallModel.WriteEventAsync(context, null, chunk);
    }

    private JsonObject Envelope(string id, string kind, ModelCall call) =>
        new()
        {
            ["id"] = id,
            ["object"] = kind,
            ["created"] = clock.GetUtcNow().ToUnixTimeSeconds(),
            ["model"] = call.Model,
            ["service_tier"] = "default",
            ["system_fingerprint"] = "fp_sandbox",
        };

    private static JsonObject Usage(ModelCall call, ModelAnswer answer)
    {
        var input = Math.Max(1, call.PromptLength / 4);
        return new JsonObject
        {
            ["prompt_tokens"] = input,
            ["completion_tokens"] = answer.Tokens,
            ["total_tokens"] = input + answer.Tokens,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0, ["audio_tokens"] = 0 },
        };
    }
}
