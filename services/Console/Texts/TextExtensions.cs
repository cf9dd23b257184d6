using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using WpAsis.Console.Apis;

namespace WpAsis.Console.Texts;

/// <summary>Sentences for what an API said.</summary>
internal static class TextExtensions
{
    /// <summary>A text where there is one, else the word itself.</summary>
    public static string Known(this IStringLocalizer texts, string name, string otherwise) =>
        texts[name] is { ResourceNotFound: false } text ? text.Value : otherwise;

    /// <summary>The sentence for a problem: by its kind, else by its status.</summary>
    public static string Problem(this IStringLocalizer texts, ApiProblem problem)
    {
        var status = problem.Status switch
        {
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => "Away",
            StatusCodes.Status403Forbidden => "Forbidden",
            StatusCodes.Status404NotFound => "Missing",
            StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity => "Invalid",
            StatusCodes.Status429TooManyRequests => "TooMany",
            _ => "Other",
        };
        return texts.Known("Problem." + problem.Kind, texts["Problem." + status].Value);
    }

    /// <summary>Marks the fields that an API refused, each with our own sentence about it.</summary>
    public static void AddErrors(this ModelStateDictionary state, ApiProblem? problem, IStringLocalizer texts, string form)
    {
        foreach (var field in problem?.Errors.Keys ?? [])
            state.AddModelError(field, texts.Known($"{form}.{field}.Invalid", texts["Field.Invalid"].Value));
    }
}
