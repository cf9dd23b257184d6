namespace WpAsis.Sandbox.Stripe;

/// <summary>A refusal as Stripe words it. Thrown where it is found, answered in one place.</summary>
internal sealed class StripeRefusal(int status, string type, string message, string? code = null, string? param = null) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public static StripeRefusal Invalid(string message, string? param = null, string? code = null) =>
        new(400, "invalid_request_error", message, code, param);

    public static StripeRefusal Unknown(string param) => Invalid($"Received unknown parameter: {param}", param, "parameter_unknown");

    public static StripeRefusal Missing(string param) => Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static StripeRefusal NotPlayed(string param) =>
        Invalid($"Stripe knows {param}, the sandbox does not play it: a test that relies on it would prove nothing.", param);

    public static StripeRefusal NoSuch(string what, string id, string param = "id", int status = 404) =>
        new(status, "invalid_request_error", $"No such {what}: '{id}'", "resource_missing", param);

    public static StripeRefusal BadKey() => new(401, "invalid_request_error", "Invalid API Key provided: sk_test_****");

    public static StripeRefusal OtherVersion(string version) => Invalid($"The sandbox plays one API version; {version} is another.");

    public static StripeRefusal KeyInUse() =>
        new(
            409,
            "idempotency_error",
            "There is currently another in-progress request using this Idempotent Key.",
            "idempotency_key_in_use"
        );

    public static StripeRefusal KeyReused() =>
        new(400, "idempotency_error", "Keys for idempotent requests can only be used with the same parameters they were first used with.");

    public static StripeRefusal Declined() => new(402, "card_error", "Your card was declined.", "card_declined");

    /// <summary>What a fault asked for.</summary>
    public static StripeRefusal OfStatus(int status) =>
        status == 429
            ? new(429, "invalid_request_error", "Request rate limit exceeded.", "rate_limit")
            : new(status, "api_error", "An unknown error occurred. (This was asked for by a fault.)");

    public object Body(string requestId)
    {
        var error = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (code is not null)
            error["code"] = code;
        error["message"] = Message;
        if (param is not null)
            error["param"] = param;
        error["request_log_url"] = $"https://dashboard.stripe.com/test/logs/{requestId}";
        error["type"] = Type;
        return new { error };
    }
}
