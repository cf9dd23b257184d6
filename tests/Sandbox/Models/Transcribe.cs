using System.Text.Json;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Models;

/// <summary><c>POST audio/transcriptions</c>: a scripted text, else "(voice note)".</summary>
internal sealed class Transcribe(CallModel calls, Scripts scripts, TimeProvider clock)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return ModelErrors.BadRequest("The body is not multipart/form-data.");
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var file = form.Files.GetFile("file");
        var body = JsonSerializer.SerializeToElement(
            new
            {
                fields = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal),
                file = file is null
                    ? null
                    : new
                    {
                        name = file.FileName,
                        contentType = file.ContentType,
                        bytes = file.Length,
                    },
            }
        );
        return await calls.RunAsync(
            context,
            body,
            body.GetRawText().Length,
            file?.FileName ?? "",
            _ => AnswerAsync(form, file, context.RequestAborted)
        );
    }

    private async Task<IResult> AnswerAsync(IFormCollection form, IFormFile? file, CancellationToken cancellationToken)
    {
        if (file is null || file.Length == 0)
            return ModelErrors.BadRequest("Missing required parameter: 'file'.");
        var script = scripts.Take("transcription", file.FileName);
        if (script is { DelayMs: > 0 })
            await Task.Delay(TimeSpan.FromMilliseconds(script.DelayMs), clock, cancellationToken);
        var text = script?.Answer switch
        {
            { ValueKind: JsonValueKind.String } said => said.GetString()!,
            { ValueKind: JsonValueKind.Object } answer => answer.Text("text") ?? "",
            _ => "(voice note)",
        };
        if (form["response_format"] == "text")
            return Results.Text(text + "\n");
        var tokens = Math.Max(1, text.Length / 4);
        var usage = new
        {
            type = "tokens",
            input_tokens = 14,
            input_token_details = new { text_tokens = 0, audio_tokens = 14 },
            output_tokens = tokens,
            total_tokens = 14 + tokens,
        };
        return form["response_format"] == "verbose_json"
            ? Results.Json(
                new
                {
                    task = "transcribe",
                    language = Words.Language(text) == "tr" ? "turkish" : "english",
                    duration = 2.0,
                    text,
                    segments = Array.Empty<object>(),
                }
            )
            : Results.Json(new { text, usage });
    }
}
