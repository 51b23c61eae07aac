package com.example.<% flat %>;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Answers errors as application/problem+json (RFC 9457). A detail is a sentence for the caller and says nothing of the
 * inside: no message of a library, no path, no query. Those are for the log.
 */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  /** For filters, which stand before Spring's own answers. The detail is one of our own sentences, without quotes. */
  static void write(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    String body = "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}";
    response.getWriter().printf(body, status.getReasonPhrase(), status.value(), detail);
  }

  @ExceptionHandler
  ProblemDetail invalid(ItemsApi.InvalidName invalid) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The name must have 1 to 100 characters.");
  }

  @ExceptionHandler
  ProblemDetail unavailable(ItemsApi.Unavailable unavailable) {
    Throwable reason = NestedExceptionUtils.getRootCause(unavailable);
    log.atWarn().addKeyValue("error", String.valueOf(reason)).log(unavailable.getMessage());
    return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "The service cannot do this now.");
  }

  @ExceptionHandler
  ProblemDetail unexpected(Exception fault) {
    log.atError().setCause(fault).log("a request failed");
    return ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong.");
  }

  @Override
  protected ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException unreadable, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
      if (cause instanceof BodyLimit.TooLarge) {
        return problem(HttpStatus.CONTENT_TOO_LARGE, "The body is too large.");
      }
    }
    return problem(HttpStatus.BAD_REQUEST, "The body is not of the form that is described.");
  }

  private static ResponseEntity<Object> problem(HttpStatus status, String detail) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(ProblemDetail.forStatusAndDetail(status, detail));
  }

  /** What Tomcat or a filter refuses before there is a route. */
  @RestController
  static class Refused implements ErrorController {
    @RequestMapping("/error")
    ProblemDetail answer(HttpServletRequest request) {
      Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
      return ProblemDetail.forStatus(status instanceof Integer code ? code : HttpStatus.NOT_FOUND.value());
    }
  }
}
