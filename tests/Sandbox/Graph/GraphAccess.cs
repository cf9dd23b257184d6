using System.Diagnostics.CodeAnalysis;

namespace WpAsis.Sandbox.Graph;

/// <summary>Who may use which number: a token the sandbox does not know is 190, a number that is not that token's is 100/33.</summary>
internal sealed class GraphAccess(BusinessNumbers numbers)
{
    public bool Allows(
        HttpRequest request,
        string phoneNumberId,
        [NotNullWhen(true)] out BusinessNumber? number,
        [NotNullWhen(false)] out GraphError? refusal
    )
    {
        refusal = CheckToken(request, out var token);
        number = refusal is null && numbers.Find(phoneNumberId) is { } found && found.AccessToken == token ? found : null;
        if (number is null)
            refusal ??= GraphError.NoSuchObject(phoneNumberId);
        return number is not null;
    }

    public GraphError? CheckToken(HttpRequest request, out string token)
    {
        var header = request.Headers.Authorization.ToString();
        token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : "";
        return token.Length > 0 && numbers.KnowsToken(token) ? null : GraphError.BadToken();
    }
}
