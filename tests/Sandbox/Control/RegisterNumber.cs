using WpAsis.Sandbox.Graph;

namespace WpAsis.Sandbox.Control;

/// <summary>Makes a number known to the Graph API, or gives it another token.</summary>
internal static class RegisterNumber
{
    public static void MapRegisterNumber(this IEndpointRouteBuilder control)
    {
        control.MapPost("/graph/numbers", Handle);
        control.MapGet(
            "/graph/numbers",
            (BusinessNumbers numbers) =>
                new
                {
                    items = numbers
                        .All()
                        .Select(number => new
                        {
                            number.PhoneNumberId,
                            number.WabaId,
                            number.DisplayPhoneNumber,
                            number.VerifiedName,
                        }),
                }
        );
    }

    private static IResult Handle(RegisterNumberRequest request, BusinessNumbers numbers)
    {
        if (request.PhoneNumberId is not { Length: > 0 } id || request.AccessToken is not { Length: > 0 } token)
            return Results.Problem("phoneNumberId and accessToken are required", statusCode: 400);
        numbers.Register(
            new BusinessNumber(
                id,
                request.WabaId ?? "1" + id,
                request.DisplayPhoneNumber ?? "+90 850 000 00 00",
                token,
                request.VerifiedName ?? "Sandbox"
            )
        );
        return Results.NoContent();
    }
}

/// <summary>Absent parts get a value of their own.</summary>
internal sealed record RegisterNumberRequest(
    string? PhoneNumberId,
    string? WabaId,
    string? DisplayPhoneNumber,
    string? AccessToken,
    string? VerifiedName
);
