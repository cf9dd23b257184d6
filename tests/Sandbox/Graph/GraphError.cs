using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Graph;

/// <summary>An error as Meta words it.</summary>
internal sealed record GraphError(int HttpStatus, int Code, string Details, int? Subcode = null)
{
    public static GraphError Parameter(string details) => new(400, 100, details);

    public static GraphError BadToken() => new(401, 190, "The access token is not one that the sandbox knows.");

    public static GraphError NoSuchObject(string id) =>
        new(400, 100, $"Object with ID '{id}' does not exist, cannot be loaded due to missing permissions.", 33);

    public static string Title(int code) =>
        code switch
        {
            1 => "API Unknown",
            2 => "API Service",
            4 => "API Too Many Calls",
            10 => "Permission Denied",
            100 => "Invalid parameter",
            190 => "Invalid OAuth access token - Cannot parse access token",
            368 => "Temporarily blocked for policies violations",
            80007 => "Rate limit issues",
            130429 => "Rate limit hit",
            131000 => "Something went wrong",
            131008 => "Required parameter is missing",
            131009 => "Parameter value is not valid",
            131016 => "Service unavailable",
            131026 => "Message undeliverable",
            131031 => "Account has been locked",
            131042 => "Business eligibility payment issue",
            131047 => "Re-engagement message",
            131048 => "Spam Rate limit hit",
            131049 => "This message was not delivered to maintain healthy ecosystem engagement.",
            131050 => "User has stopped receiving marketing messages",
            131051 => "Unsupported message type",
            131056 => "(Business Account, Consumer Account) pair rate limit hit",
            133010 => "Phone number not registered",
            _ => "Something went wrong",
        };

    public IResult Answer()
    {
        var error = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["message"] = $"(#{Code}) {Title(Code)}",
            ["type"] = "OAuthException",
            ["code"] = Code,
        };
        if (Subcode is not null)
            error["error_subcode"] = Subcode;
        error["error_data"] = new { messaging_product = "whatsapp", details = Details };
        error["fbtrace_id"] = "A" + RandomIds.Alphanumeric(22);
        return Results.Json(new { error }, statusCode: HttpStatus);
    }
}
