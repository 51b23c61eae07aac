package shop.payment;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.util.Map;
import java.util.UUID;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes the money for a cart and tells the rest of the shop about the order. */
@RestController
class Charges {
  record Charge(@Pattern(regexp = "[0-9a-f-]{36}") String cart, @NotEmpty Map<String, Integer> items) {}

  record Paid(String order) {}

  private final RabbitTemplate queue;

  Charges(RabbitTemplate queue) {
    this.queue = queue;
  }

  @PostMapping("/charges")
  @ResponseStatus(HttpStatus.CREATED)
  Paid charge(@Valid @RequestBody Charge charge) {
    String order = UUID.randomUUID().toString();
    StringBuilder lines = new StringBuilder(order);
    charge.items().forEach((item, count) -> lines.append('\n').append(item).append(' ').append(count));
    queue.convertAndSend("orders", lines.toString());
    return new Paid(order);
  }
}
