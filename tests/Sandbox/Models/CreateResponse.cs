using System.Text.Json;
using System.Text.Json.Nodes;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Models;

/// <summary><c>POST responses</c>, at once or as a stream.</summary>
internal sealed class CreateResponse(CallModel calls, TimeProvider clock)
{
    public Task<IResult> HandleAsync(HttpContext context) => calls.RunAsync(context, (body, fault) => AnswerAsync(context, body, fault));

    private async Task<IResult> AnswerAsync(HttpContext context, JsonElement body, Fault? fault)
    {
        if (body.Get("input") is null)
            return ModelErrors.BadRequest("Missing required parameter: 'input'.");
        var call = ModelCall.FromResponses(body);
        var answer = await calls.AnswerAsync(call, fault, context.RequestAborted);
        var response = Response(body, call, answer);
        if (!call.Streams)
            return Results.Text(response.ToJsonString(), "application/json");
        await StreamAsync(context, response, answer);
        return Results.Empty;
    }

    private static async Task StreamAsync(HttpContext context, JsonObject response, ModelAnswer answer)
    {
        var number = 0;
        Task SayAsync(string name, JsonObject data)
        {
            data["type"] = name;
            data["sequence_number"] = number++;
            return CallModel.WriteEventAsync(context, name, data);
        }
        var begun = (JsonObject)response.DeepClone();
        begun["status"] = "in_progress";
        begun["output"] = new JsonArray();
        begun["usage"] = null;
        begun["incomplete_details"] = null;
        await SayAsync("response.created", new JsonObject { ["response"] = begun.DeepClone() });
        await SayAsync("response.in_progress", new JsonObject { ["response"] = begun });
        var item = (JsonObject)response["output"]![0]!;
        var part = (JsonObject)item["content"]![0]!;
        JsonObject Where() =>
            new()
            {
                ["item_id"] = item["id"]!.GetValue<string>(),
                ["output_index"] = 0,
                ["content_index"] = 0,
            };
        JsonObject With(JsonObject data, string name, JsonNode? value)
        {
            data[name] = value;
            return data;
        }
        var empty = (JsonObject)item.DeepClone();
        empty["content"] = new JsonArray();
        empty["status"] = "in_progress";
        await SayAsync("response.output_item.added", new JsonObject { ["output_index"] = 0, ["item"] = empty });
        var emptyPart = Part(answer with { Text = "", Refusal = answer.Refusal is null ? null : "" });
        await SayAsync("response.content_part.added", With(Where(), "part", emptyPart));
        if (answer.Refusal is { } refusal)
        {
            await SayAsync("response.refusal.delta", With(Where(), "delta", refusal));
            await SayAsync("response.refusal.done", With(Where(), "refusal", refusal));
        }
        else
        {
            foreach (var piece in answer.Pieces())
                await SayAsync("response.output_text.delta", With(Where(), "delta", piece));
            await SayAsync("response.output_text.done", With(Where(), "text", answer.Text));
        }
        await SayAsync("response.content_part.done", With(Where(), "part", part.DeepClone()));
        await SayAsync("response.output_item.done", new JsonObject { ["output_index"] = 0, ["item"] = item.DeepClone() });
        var end = answer.Finish == "stop" ? "response.completed" : "response.incomplete";
        await SayAsync(end, new JsonObject { ["response"] = response.DeepClone() });
    }

    private JsonObject Response(JsonElement body, ModelCall call, ModelAnswer answer)
    {
        var input = Math.Max(1, call.PromptLength / 4);
        var status = answer.Finish == "stop" ? "completed" : "incomplete";
        return new JsonObject
        {
            ["id"] = "resp_" + RandomIds.Hex(48),
            ["object"] = "response",
            ["created_at"] = clock.GetUtcNow().ToUnixTimeSeconds(),
            ["status"] = status,
            ["error"] = null,
            ["incomplete_details"] =
                answer.Finish == "stop"
                    ? null
                    : new JsonObject { ["reason"] = answer.Finish == "length" ? "max_output_tokens" : "content_filter" },
            ["instructions"] = null,
            ["model"] = call.Model,
            ["output"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "message",
                    ["id"] = "msg_" + RandomIds.Hex(48),
                    ["status"] = status,
                    ["role"] = "assistant",
                    ["content"] = new JsonArray(Part(answer)),
                }
            ),
            ["parallel_tool_calls"] = true,
            ["store"] = body.Get("store")?.ValueKind != JsonValueKind.False,
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = input,
                ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
                ["output_tokens"] = answer.Tokens,
                ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
                ["total_tokens"] = input + answer.Tokens,
            },
            ["metadata"] = new JsonObject(),
        };
    }

    private static JsonObject Part(ModelAnswer answer) =>
        answer.Refusal is { } refusal
            ? new JsonObject { ["type"] = "refusal", ["refusal"] = refusal }
            : new JsonObject
            {
                ["type"] = "output_text",
                ["text"] = answer.Text,
                ["annotations"] = new JsonArray(),
            };
}
